// The baseline's text, line by line: a heading in brackets begins an entry, "key = value" lines
// fill it, a line that begins with a blank goes on with the value above.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>

#include "harness/cli/baseline.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

constexpr std::string_view kFirstLine = "lastref-baseline 1";

constexpr std::array<std::string_view, 10> kKeys = {"target", "versions", "hazard", "outcome",
                                                    "breaks", "cites",    "date",   "signature",
                                                    "behind", "asked-by"};
constexpr std::array<std::string_view, 3> kOutcomes = {"library bug", "manual wrong", kWithheld};

// These may stand more than once in an entry.
bool is_list(std::string_view key) {
  return key == "cites" || key == "signature" || key == "behind";
}

bool may_be_missing(std::string_view key) {
  return key == "signature" || key == "behind" || key == "asked-by";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
           return shape == 'd' ? c >= '0' && c <= '9' : c == shape;
         });
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

bool is_signature(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = text.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  const std::string_view what = text.substr(first + 1, second - first - 1);
  bool known = false;
  for (int i = 0; i <= static_cast<int>(Discrepancy::kMisuseRun); ++i) {
    known = known || name(static_cast<Discrepancy>(i)) == what;
  }
  return known && verdict_named(text.substr(0, first)) && operation_named(text.substr(second + 1));
}

std::string hazard_advice(std::string_view word) {
  std::vector<std::string_view> names;
  for (const HazardRow& row : hazard_table()) names.push_back(row.name);
  const std::string meant = did_you_mean(word, names);
  return meant.empty() ? "the names are in harness/vocabulary/hazard.def" : meant;
}

class Parser {
 public:
  std::variant<std::vector<BaselineEntry>, BaselineError> parse(std::string_view text) {
    while (!error_ && !text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      ++line_;
      take(line);
    }
    if (!error_ && !begun_) {
      ++line_;
      fail(1, "the end of the file", "'lastref-baseline 1'", "begin the file with it");
    }
    finish_value();
    finish_entry();
    find_those_behind();
    if (error_) return *error_;
    return std::move(entries_);
  }

 private:
  void take(std::string_view line) {
    if (trimmed(line).empty() || line[0] == '#') return;
    if (!begun_) {
      if (line != kFirstLine) {
        fail(1, show_word(line), "'lastref-baseline 1'", "begin the file with it");
      }
      begun_ = true;
      return;
    }
    if (line[0] == ' ') {
      if (key_.empty()) {
        fail(1, "a line that goes on with a value", "a value above it", "take the blanks away");
      } else {
        value_ += ' ';
        value_ += trimmed(line);
      }
      return;
    }
    finish_value();
    if (error_) return;
    if (line[0] == '[') {
      heading(line);
    } else {
      begin_value(line);
    }
  }

  void heading(std::string_view line) {
    finish_entry();
    if (error_) return;
    const std::size_t close = line.find(']');
    const std::string_view name =
        line.substr(1, close == std::string_view::npos ? close : close - 1);
    if (close == std::string_view::npos || close + 1 != line.size() || !is_name(name)) {
      fail(1, show_word(line), "[NAME] of small letters, digits, '-' and '_'", "name the entry so");
      return;
    }
    if (!names_.insert(std::string(name)).second) {
      fail(2, show_word(name) + " a second time", "a name of its own", "rename one of the two");
      return;
    }
    entries_.emplace_back();
    entries_.back().name = name;
    entries_.back().line = line_;
    open_ = true;
  }

  void begin_value(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    if (!open_) {
      fail(1, show_word(line), "[NAME]", "begin an entry first");
      return;
    }
    if (equals == std::string_view::npos) {
      fail(static_cast<int>(line.size()) + 1, "the end of the line", "'='", "write KEY = VALUE");
      return;
    }
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      fail(1, show_word(key), fmt::format("one of {}", fmt::join(kKeys, ", ")),
           did_you_mean(key, kKeys));
      return;
    }
    if (!seen_.insert(std::string(key)).second && !is_list(key)) {
      fail(1, show_word(key) + " a second time", "it once in an entry", "delete one of the two");
      return;
    }
    const std::string_view value = trimmed(line.substr(equals + 1));
    key_ = key;
    value_ = value;
    value_line_ = line_;
    value_column_ = static_cast<int>(
        value.empty() ? line.size() + 1 : static_cast<std::size_t>(value.data() - line.data()) + 1);
  }

  // Takes the value that is complete now that something else begins.
  void finish_value() {
    if (error_ || key_.empty()) return;
    BaselineEntry& entry = entries_.back();
    if (value_.empty()) {
      fail_value("a value", "write one behind the '='");
    } else if (key_ == "target") {
      entry.target = value_;
    } else if (key_ == "versions") {
      const auto range = VersionRange::parse(value_);
      if (range) {
        entry.versions = *range;
      } else {
        fail_value("a range such as 3.0.0..3.0.99, 3.0.0.. or ..",
                   "the first must not be the later");
      }
    } else if (key_ == "hazard") {
      const auto hazard = hazard_named(value_);
      if (hazard) {
        entry.hazard = *hazard;
      } else {
        fail_value("the name of a hazard", hazard_advice(value_));
      }
    } else if (key_ == "outcome") {
      entry.outcome = value_;
      if (std::find(kOutcomes.begin(), kOutcomes.end(), value_) == kOutcomes.end()) {
        fail_value("'library bug', 'manual wrong' or 'withheld'", did_you_mean(value_, kOutcomes));
      }
    } else if (key_ == "breaks") {
      entry.breaks = value_;
    } else if (key_ == "cites") {
      entry.citations.push_back(value_);
    } else if (key_ == "date") {
      entry.date = value_;
      if (!is_date(value_)) fail_value("a date such as 2026-01-31", "write it so");
    } else if (key_ == "behind") {
      entry.behind.push_back(value_);
    } else if (key_ == "asked-by") {
      entry.asked_by = value_;
    } else {
      entry.signatures.push_back(value_);
      if (!is_signature(value_)) {
        fail_value("a signature such as wrong-callback/missing-callback/add",
                   "copy it from a report");
      }
    }
    key_.clear();
  }

  void finish_entry() {
    if (error_ || !open_) return;
    for (const std::string_view key : kKeys) {
      if (may_be_missing(key) || seen_.count(std::string(key)) != 0) continue;
      error_ =
          BaselineError{entries_.back().line, 1,
                        fmt::format("found no '{}' in entry '{}', expected one; add '{} = ...'",
                                    key, entries_.back().name, key)};
      return;
    }
    seen_.clear();
    open_ = false;
  }

  // An entry hides another one of its file.
  void find_those_behind() {
    for (const BaselineEntry& entry : entries_) {
      for (const std::string& name : entry.behind) {
        if (error_ || (names_.count(name) != 0 && name != entry.name)) continue;
        error_ = BaselineError{
            entry.line, 1,
            fmt::format("found entry '{}' behind {}, expected behind another entry of this file; "
                        "correct the name, or take the line out",
                        entry.name, show_word(name))};
      }
    }
  }

  void fail(int column, const std::string& found, const std::string& expected,
            const std::string& advice) {
    if (error_) return;
    error_ = BaselineError{line_, column,
                           fmt::format("found {}, expected {}{}{}", found, expected,
                                       advice.empty() ? "" : "; ", advice)};
  }

  void fail_value(const std::string& expected, const std::string& advice) {
    const int line = line_;
    line_ = value_line_;
    fail(value_column_, value_.empty() ? "nothing" : show_word(value_), expected, advice);
    line_ = line;
  }

  std::vector<BaselineEntry> entries_;
  std::set<std::string> names_;
  std::optional<BaselineError> error_;
  bool begun_ = false;          // the first line was read
  bool open_ = false;           // an entry is being filled
  std::set<std::string> seen_;  // keys of it
  std::string key_;             // of the value being read; empty for none
  std::string value_;
  int line_ = 0;
  int value_line_ = 0;
  int value_column_ = 0;
};

}  // namespace

std::string BaselineError::text(std::string_view file) const {
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

std::variant<std::vector<BaselineEntry>, BaselineError> parse_baseline(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace lastref
