#include "harness/corpus/expectations.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "harness/corpus/split.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

constexpr std::string_view kFirstLine = "lastref-expected 1";
constexpr std::string_view kClean = "clean";

// Small letters, digits and what joins them: names of traces, targets, entries; a signature.
bool is_name(std::string_view word, std::string_view joints) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [joints](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           joints.find(c) != std::string_view::npos;
  });
}

bool is_signature(std::string_view word) {
  return is_name(word, "-_/") && std::count(word.begin(), word.end(), '/') == 2;
}

class Parser {
 public:
  std::variant<Expectations, CorpusError> parse(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
      ++line_;
      read(line);
      if (error_) return *error_;
    }
    finish_heading();
    if (!begun_) fail("the end of the file", "'lastref-expected 1'", "begin the file with it");
    if (!error_ && result_.targets.empty()) {
      fail("no line of targets", "'targets = NAME...' behind the first line", "add it");
    }
    if (error_) return *error_;
    return std::move(result_);
  }

 private:
  void read(std::string_view line) {
    if (line.empty() || line[0] == '#') return;
    if (!begun_) {
      begun_ = line == kFirstLine;
      if (!begun_) fail(show_word(line), "'lastref-expected 1'", "begin the file with it");
    } else if (line[0] == '[') {
      finish_heading();
      heading(line);
    } else {
      value(line);
    }
  }

  void heading(std::string_view line) {
    if (error_) return;
    if (result_.targets.empty()) {
      fail(show_word(line), "'targets = NAME...' before the first heading", "add it");
      return;
    }
    const std::string_view name = line.substr(1, line.size() - 2);
    if (line.back() != ']' || !is_name(name, "-/")) {
      fail(show_word(line), "[FOLDER/TRACE], a trace of corpus/ without '.trace'", "write it so");
    } else if (!result_.of.emplace(name, Expectations::Trace{line_, {}}).second) {
      fail(show_word(name) + " a second time", "one heading for a trace", "join the two");
    } else {
      trace_ = &result_.of.find(name)->second;
    }
  }

  // A heading with nothing under it says nothing.
  void finish_heading() {
    if (error_ || trace_ == nullptr || !trace_->on.empty()) return;
    line_ = trace_->line;
    fail("a heading with nothing under it", "TARGET = EXPECTATION", "add one, or delete it");
  }

  void value(std::string_view line) {
    const std::vector<std::string_view> words = split(line, " ");
    if (words.size() < 3 || words[1] != "=") {
      fail(show_word(line), "KEY = VALUE, with a blank on either side of '='", "write it so");
    } else if (trace_ == nullptr) {
      targets(words);
    } else {
      expectation(words);
    }
  }

  void targets(const std::vector<std::string_view>& words) {
    if (words[0] != "targets" || !result_.targets.empty()) {
      fail(show_word(words[0]), "[FOLDER/TRACE]", "begin with the heading of a trace");
      return;
    }
    for (auto word = words.begin() + 2; word != words.end(); ++word) {
      if (!is_name(*word, "-_")) {
        fail(show_word(*word), "the name of a target", "write it as 'lastref targets' does");
        return;
      }
      result_.targets.emplace_back(*word);
    }
  }

  void expectation(const std::vector<std::string_view>& words) {
    const std::string target(words[0]);
    if (std::find(result_.targets.begin(), result_.targets.end(), target) ==
        result_.targets.end()) {
      fail(show_word(target), fmt::format("one of {}", fmt::join(result_.targets, ", ")),
           "or add it to the line of targets");
      return;
    }
    ExpectedResult made;
    made.line = line_;
    std::size_t next = 3;
    if (words.size() == 3 && words[2] == kClean) {
      made.kind = ExpectedResult::Kind::kClean;
    } else if (words[2] == "any") {
      made.kind = ExpectedResult::Kind::kAny;
    } else if (words[2] == "left-out") {
      made.kind = ExpectedResult::Kind::kLeftOut;
    } else {
      made.kind = ExpectedResult::Kind::kSignature;
      next = signatures(words, made);
    }
    if (error_) return;
    if (next < words.size()) {
      fail(show_word(words[next]), "the end of the line, or 'by ENTRY' behind a signature",
           "write it so");
    } else if (!trace_->on.emplace(target, made).second) {
      fail(show_word(target) + " a second time", "each target once", "delete one of the two");
    }
  }

  // "SIGNATURE or SIGNATURE by ENTRY", "clean or SIGNATURE", from the third word on; returns the
  // number of the word behind.
  std::size_t signatures(const std::vector<std::string_view>& words, ExpectedResult& made) {
    std::size_t next = 2;
    while (true) {
      const std::string_view word = next < words.size() ? words[next] : std::string_view();
      if (!is_signature(word) && word != kClean) {
        fail(show_word(word), "clean, any, left-out or a signature such as leak/blocks/new",
             "copy it from the message of the test");
        return next;
      }
      made.signatures.emplace_back(word);
      ++next;
      if (next == words.size() || words[next] != "or") break;
      ++next;
    }
    if (made.signatures.front() != kClean && next + 1 < words.size() && words[next] == "by" &&
        is_name(words[next + 1], "-_")) {
      made.entry = words[next + 1];
      next += 2;
    }
    return next;
  }

  void fail(const std::string& found, const std::string& expected, const std::string& advice) {
    if (error_) return;
    error_ = corpus_error(line_, found, expected, advice);
  }

  Expectations result_;
  std::optional<CorpusError> error_;
  Expectations::Trace* trace_ = nullptr;  // under whose heading the lines stand
  bool begun_ = false;                    // the first line was read
  int line_ = 0;
};

}  // namespace

std::string text(const ExpectedResult& expectation) {
  switch (expectation.kind) {
    case ExpectedResult::Kind::kClean:
      return std::string(kClean);
    case ExpectedResult::Kind::kAny:
      return "any";
    case ExpectedResult::Kind::kLeftOut:
      return "left-out";
    case ExpectedResult::Kind::kSignature:
      break;
  }
  const std::string any_of = fmt::format("{}", fmt::join(expectation.signatures, " or "));
  return expectation.entry.empty() ? any_of : any_of + " by " + expectation.entry;
}

const ExpectedResult* Expectations::find(std::string_view trace, std::string_view target) const {
  const auto found = of.find(trace);
  if (found == of.end()) return nullptr;
  const auto on = found->second.on.find(target);
  return on == found->second.on.end() ? nullptr : &on->second;
}

std::variant<Expectations, CorpusError> parse_expectations(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace lastref
