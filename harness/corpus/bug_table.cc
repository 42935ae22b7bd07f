#include "harness/corpus/bug_table.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

#include "harness/corpus/split.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

constexpr std::string_view kMissingWord = "missing: ";
constexpr std::string_view kSuffix = ".trace";
constexpr std::string_view kSummary = "Of ";

// The cells of "| a | b |"; none for any other line.
std::vector<std::string_view> cells_of(std::string_view line) {
  if (line.size() < 4 || line.substr(0, 2) != "| " || line.substr(line.size() - 2) != " |")
    return {};
  return split(line.substr(2, line.size() - 4), " | ");
}

bool is_id(std::string_view word) {
  return word.size() == 3 && word[0] >= 'A' && word[0] <= 'Z' &&
         std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "regressions/NAME" of "[NAME](regressions/NAME.trace)"; empty for anything else.
std::string trace_of_link(std::string_view link) {
  const std::size_t middle = link.find("](");
  if (link.size() < 4 || link.front() != '[' || link.back() != ')' ||
      middle == std::string_view::npos) {
    return {};
  }
  const std::string_view name = link.substr(1, middle - 1);
  std::string_view path = link.substr(middle + 2, link.size() - middle - 3);
  if (!path.ends_with(kSuffix)) return {};
  path.remove_suffix(kSuffix.size());
  return path.ends_with(name) ? std::string(path) : std::string();
}

class Parser {
 public:
  std::variant<BugTable, CorpusError> parse(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
      ++line_;
      read(line);
      if (error_) return *error_;
    }
    return std::move(table_);
  }

 private:
  enum class In : std::uint8_t { kText, kBugs, kMissing };

  void read(std::string_view line) {
    const std::vector<std::string_view> cells = cells_of(line);
    if (line.starts_with("|---")) return;
    if (cells.empty()) {
      in_ = In::kText;
      if (line.starts_with(kSummary)) table_.summary = line;
    } else if (in_ == In::kText) {
      in_ = cells[0] == "Bug" ? In::kBugs : In::kMissing;
      if (in_ == In::kMissing && cells[0] != "Missing") {
        fail(show_word(cells[0]), "a table that begins with 'Bug' or 'Missing'", "rename it");
      }
    } else if (in_ == In::kBugs) {
      bug(cells);
    } else {
      missing(cells);
    }
  }

  void bug(const std::vector<std::string_view>& cells) {
    if (cells.size() != 5 || !is_id(cells[0])) {
      fail(show_word(cells[0]), "| O04 | library | commit | what went wrong | traces |",
           "write it so");
      return;
    }
    PublicBug made;
    made.id = cells[0];
    made.line = line_;
    if (!seen_.insert(made.id).second) {
      fail(show_word(cells[0]) + " a second time", "one row for a bug", "join the two");
      return;
    }
    std::string_view rest = cells[4];
    if (const std::size_t at = rest.find(kMissingWord); at != std::string_view::npos) {
      for (const std::string_view thing : split(rest.substr(at + kMissingWord.size()), ", ")) {
        made.missing.emplace_back(thing);
      }
      rest = rest.substr(0, at);
      if (rest.ends_with("; ")) rest.remove_suffix(2);
    }
    if (!rest.empty()) {
      for (const std::string_view link : split(rest, ", ")) {
        made.traces.push_back(trace_of_link(link));
        if (made.traces.back().empty()) {
          fail(show_word(link), "[NAME](regressions/NAME.trace), or 'missing: ' and what",
               "write it so");
          return;
        }
      }
    }
    if (made.traces.empty() && made.missing.empty()) {
      fail("a bug without a trace", "one, or 'missing: ' and what", "add it");
      return;
    }
    table_.bugs.push_back(std::move(made));
  }

  void missing(const std::vector<std::string_view>& cells) {
    int count = 0;
    if (cells.size() == 3) {
      const char* const end = cells[1].data() + cells[1].size();
      const auto read_to = std::from_chars(cells[1].data(), end, count);
      if (read_to.ec != std::errc() || read_to.ptr != end) count = 0;
    }
    if (count < 1) {
      fail(show_word(cells[0]), "| what is missing | how many bugs need it | what it is |",
           "write it so");
    } else if (!table_.missing.emplace(cells[0], count).second) {
      fail(show_word(cells[0]) + " a second time", "one row for a thing", "join the two");
    }
  }

  void fail(const std::string& found, const std::string& expected, const std::string& advice) {
    error_ = corpus_error(line_, found, expected, advice);
  }

  BugTable table_;
  std::optional<CorpusError> error_;
  std::set<std::string> seen_;
  In in_ = In::kText;
  int line_ = 0;
};

}  // namespace

std::string summary_of(const std::vector<PublicBug>& bugs) {
  int with_trace = 0;
  int in_part = 0;
  for (const PublicBug& bug : bugs) {
    if (bug.traces.empty()) continue;
    ++with_trace;
    if (!bug.missing.empty()) ++in_part;
  }
  const int all = static_cast<int>(bugs.size());
  return fmt::format("Of {} bugs {} have a trace, {} of these in part; {} cannot be said yet.", all,
                     with_trace, in_part, all - with_trace);
}

std::variant<BugTable, CorpusError> parse_bug_table(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace lastref
