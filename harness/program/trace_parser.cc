#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "harness/program/suggestion.h"
#include "harness/program/trace.h"
#include "harness/program/trace_reading.h"

namespace lastref {
namespace {

std::vector<std::string_view> misuse_names() {
  std::vector<std::string_view> names;
  for (int i = 1; i < kMisuseCount; ++i) names.push_back(name(static_cast<Misuse>(i)));
  return names;
}

// Reads the head of a trace, and hands the lines after it on.
class Parser {
 public:
  std::variant<Program, TraceError> parse(std::string_view text) {
    int number = 0;
    for (const std::string_view line : lines_of(text)) {
      line_ = WordLine(line, ++number);
      if (!line_.at_end() && !read_line()) return reading_.error;
    }
    if (!has_language_) {
      return TraceError{number + 1, 1, "the end of the trace", "the line 'lastref 1'", {}};
    }
    if (!check_misuse()) return reading_.error;
    return program_;
  }

 private:
  bool read_line() {
    const Word first = line_.peek();
    if (!has_language_) return read_language();
    if (first.text == "lastref") return reading_.fail(first, "one 'lastref' line only");
    if (first.text == "contract") return read_once(has_contract_, &Parser::read_contract);
    if (first.text == "misuse") return read_once(has_misuse_, &Parser::read_misuse);
    if (first.text == "teardown") return read_once(has_teardown_, &Parser::read_teardown);
    return read_operations(reading_, program_);
  }

  bool read_language() {
    if (line_.peek().text != "lastref") {
      return reading_.fail(line_.peek(), "the line 'lastref 1'",
                           "it comes before everything but comments");
    }
    line_.take();
    if (line_.peek().text != "1") {
      return reading_.fail(line_.peek(), "version 1",
                           "this program knows no other version of the language");
    }
    line_.take();
    has_language_ = true;
    return reading_.read_end();
  }

  bool read_once(bool& has, bool (Parser::*read_rest)()) {
    const Word keyword = line_.take();
    if (has) return reading_.fail(keyword, fmt::format("one '{}' line only", keyword.text));
    if (program_.size > 0) {
      return reading_.fail(keyword, "an operation", "this line goes before the first operation");
    }
    has = true;
    return (this->*read_rest)() && reading_.read_end();
  }

  bool read_contract() {
    do {
      if (!read_switch()) return false;
    } while (!line_.at_end());
    return true;
  }

  bool read_switch() {
    const Word name = line_.take();
    const auto of = switch_named(name.text);
    if (!of) {
      std::vector<std::string_view> names;
      for (const SwitchRow& row : switch_table()) names.push_back(row.name);
      const std::string hint = did_you_mean(name.text, names);
      return reading_.fail(name, "a switch of the contract",
                           hint.empty() ? "'lastref contract' lists them" : hint);
    }
    if (program_.contract.has(*of)) return reading_.fail(name, "each switch once");
    if (line_.peek().text != "=") return reading_.fail(line_.peek(), "'='");
    line_.take();
    const Word word = line_.take();
    const auto value = value_named(*of, word.text);
    if (!value || value_text(*of, *value) != word.text) {
      return reading_.fail(
          word,
          value_count(*of) == 0
              ? "a number"
              : fmt::format("one of {}", switch_table()[static_cast<std::size_t>(*of)].values));
    }
    program_.contract.set(*of, *value);
    return true;
  }

  bool read_misuse() {
    const std::vector<std::string_view> names = misuse_names();
    const Word rule = line_.take();
    const auto found = std::ranges::find(names, rule.text);
    if (found == names.end()) {
      return reading_.fail(rule, fmt::format("a misuse ({})", fmt::join(names, " ")),
                           did_you_mean(rule.text, names));
    }
    program_.misuse = static_cast<Misuse>(found - names.begin() + 1);
    if (line_.peek().text != "at") return reading_.fail(line_.peek(), "'at'");
    line_.take();
    misuse_at_ = line_.take();
    return counting_number(misuse_at_.text) ||
           reading_.fail(misuse_at_, "the number of an operation, from 1");
  }

  // Only the last line tells how many operations there are.
  bool check_misuse() {
    if (!has_misuse_) return true;
    if (program_.size == 0) {
      return reading_.fail(misuse_at_, "no misuse in a program without operations");
    }
    const int at = counting_number(misuse_at_.text).value_or(0);
    if (at > program_.size) {
      return reading_.fail(misuse_at_,
                           fmt::format("the number of an operation, 1 to {}", program_.size));
    }
    program_.misuse_at = static_cast<std::uint8_t>(at - 1);
    return true;
  }

  bool read_teardown() {
    std::vector<std::string_view> left;
    for (const TeardownStage stage : stages(Teardown{})) left.push_back(name(stage));
    std::vector<std::string_view> order;
    while (!left.empty()) {
      const Word stage = line_.take();
      const auto found = std::ranges::find(left, stage.text);
      if (found == left.end()) {
        return reading_.fail(stage, fmt::format("{}", fmt::join(left, " or ")));
      }
      order.push_back(*found);
      left.erase(found);
    }
    Teardown& teardown = program_.teardown;
    const auto same = [](std::string_view word, TeardownStage stage) {
      return word == name(stage);
    };
    while (!std::ranges::equal(order, stages(teardown), same)) ++teardown.order;
    teardown.falling = take_word("falling") ? 1 : 0;
    teardown.unflushed = take_word("unflushed") ? 1 : 0;
    return true;
  }

  // Takes the next word if it is this one.
  bool take_word(std::string_view word) {
    if (line_.peek().text != word) return false;
    line_.take();
    return true;
  }

  Program program_;
  TraceReading reading_;
  WordLine& line_ = reading_.line;
  Word misuse_at_;
  bool has_language_ = false;
  bool has_contract_ = false;
  bool has_misuse_ = false;
  bool has_teardown_ = false;
};

}  // namespace

bool TraceReading::fail(const Word& at, std::string expected, std::string advice) {
  error = {at.line, at.column, at.text.empty() ? "the end of the line" : show_word(at.text),
           std::move(expected), std::move(advice)};
  return false;
}

bool TraceReading::read_end(std::string advice) {
  return line.at_end() || fail(line.peek(), "the end of the line", std::move(advice));
}

std::variant<Program, TraceError> parse_trace(std::string_view text) {
  if (text.size() > kMaxTraceBytes) {
    return TraceError{
        1, 1, fmt::format("{} bytes", text.size()), fmt::format("at most {}", kMaxTraceBytes), {}};
  }
  return Parser().parse(text);
}

}  // namespace lastref
