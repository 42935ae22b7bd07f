#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/program/fault_words.h"
#include "harness/program/operand.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_reading.h"

namespace lastref {
namespace {

std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (const OperationRow& of : operation_table()) names.push_back(of.name);
  return names;
}

// The words of a kind that this place may have: `arg` in bodies only, `do` elsewhere only.
std::vector<std::string_view> words_allowed(OperandKind kind, bool in_body) {
  std::vector<std::string_view> words = operand_words(kind);
  if (in_body && (kind == OperandKind::kOnRemove || kind == OperandKind::kInside)) {
    std::erase(words, "do");
  }
  if (!in_body && row(kind).is_handle) std::erase(words, "arg");
  return words;
}

// The kind that `word` is of. Numbers are of many kinds, which tells a reader nothing.
const OperandKindRow* kind_of(std::string_view word) {
  if (word.find_first_not_of("-0123456789") == std::string_view::npos) return nullptr;
  for (const OperandKindRow& kind : operand_kinds()) {
    if (operand_named(kind.kind, word)) return &kind;
  }
  return nullptr;
}

std::string operand_advice(std::string_view word, const std::vector<std::string_view>& allowed,
                           bool in_body) {
  if (word == "arg") return "'arg' is the session a callback is given: only bodies have it";
  if (word == "do" && in_body) return "a body has no body of its own";
  const OperandKindRow* other = kind_of(word);
  return other != nullptr ? fmt::format("'{}' is {}", word, other->name)
                          : did_you_mean(word, allowed);
}

class OperationReader {
 public:
  OperationReader(TraceReading& reading, Program& program)
      : reading_(reading), line_(reading.line), program_(program) {}

  bool read_thread(Operation& operation) {
    const Word word = line_.peek();
    if (!word.text.ends_with(':')) return true;
    for (std::uint8_t thread = 0; thread < kMaxThreads; ++thread) {
      if (word.text != fmt::format("t{}:", thread)) continue;
      operation.thread = thread;
      line_.take();
      return true;
    }
    return reading_.fail(word, fmt::format("a thread (t0: to t{}:)", kMaxThreads - 1));
  }

  // Reads what fault_words() writes and a colon, if it is there.
  bool read_fault(Operation& operation) {
    if (!begins_fault(line_.peek().text)) return true;
    const Word first = line_.take();
    fault_ = line_.take();
    std::string_view place = fault_.text;
    const bool ends = place.ends_with(':');
    if (ends) place.remove_suffix(1);
    const std::optional<Fault> fault = ends ? fault_of(first.text, place) : std::nullopt;
    if (!fault) {
      const FaultHelp help = help_with_fault(first.text);
      return reading_.fail(fault_, help.expected, help.advice);
    }
    operation.fault = *fault;
    return true;
  }

  // Reads what print_operation() writes, and appends it. The body's mark is set already.
  bool read_operation(Operation& operation) {
    const bool in_body = operation.is_body == 1;
    Word variable;
    const bool assigns = line_.peek(1).text == "=";
    if (assigns) {
      variable = line_.take();
      line_.take();
    }
    const Word called = line_.take();
    const std::optional<Op> code = operation_named(called.text);
    if (!code) return fail_name(called, in_body);
    operation.code = *code;
    const OperationRow& of = row(*code);
    if (operation.fault.any() && !may_have(*code, operation.fault)) {
      const std::string_view lacks =
          operation.fault.is_flight() ? "sends no flight" : "allocates nothing";
      return reading_.fail(fault_, fmt::format("no fault, for '{}' {}", of.name, lacks));
    }
    if (of.result != Result::NONE) {
      if (!read_result(of, assigns ? variable : called, operation)) return false;
    } else if (assigns) {
      return reading_.fail(variable, fmt::format("'{}' alone, for it returns no handle", of.name));
    }
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      if (!read_operand(operand_kind(of, i), in_body, operation.operand[i])) return false;
    }
    if (operation.code == Op::BLOB_GIVE && !read_given(called)) return false;
    return append(operation, called);
  }

 private:
  bool read_result(const OperationRow& of, const Word& variable, Operation& operation) {
    const OperandKind kind = variable_kind(of.result);
    std::vector<std::string_view> words = operand_words(kind);
    words.resize(static_cast<std::size_t>(result_range(of.result)));
    const auto found = std::ranges::find(words, variable.text);
    if (found == words.end()) {
      const bool unassigned = variable.text == of.name;
      return reading_.fail(variable,
                           fmt::format("{} ({}) for the result of '{}'", row(kind).name,
                                       fmt::join(words, " "), of.name),
                           unassigned ? fmt::format("write '{} = {}'", words[0], of.name) : "");
    }
    operation.result = static_cast<std::uint8_t>(found - words.begin());
    return true;
  }

  bool read_operand(OperandKind kind, bool in_body, std::uint8_t& operand) {
    const Word word = line_.take();
    const std::vector<std::string_view> allowed = words_allowed(kind, in_body);
    if (std::ranges::find(allowed, word.text) == allowed.end()) {
      return reading_.fail(word, fmt::format("{} ({})", row(kind).name, fmt::join(allowed, " ")),
                           operand_advice(word.text, allowed, in_body));
    }
    operand = operand_named(kind, word.text).value_or(0);
    return true;
  }

  // The bytes that an operation brings along, in hexadecimal, or `none`.
  bool read_given(const Word& called) {
    if (std::ranges::count(program_.view(), Op::BLOB_GIVE, &Operation::code) != 0) {
      return reading_.fail(called, "one operation that brings bytes along, and no more");
    }
    const Word word = line_.take();
    if (word.text == "none") return true;
    const std::string expected =
        fmt::format("1 to {} bytes, two hexadecimal digits for each, or none", kMaxGivenBytes);
    const std::size_t size = word.text.size() / 2;
    if (size == 0 || word.text.size() % 2 != 0 || size > kMaxGivenBytes) {
      return reading_.fail(word, expected);
    }
    for (std::size_t i = 0; i < size; ++i) {
      const char* const at = word.text.data() + 2 * i;
      const bool lower = std::all_of(at, at + 2, [](char c) { return c < 'A' || c > 'Z'; });
      const auto [end, error] = std::from_chars(at, at + 2, program_.given[i], 16);
      if (!lower || error != std::errc() || end != at + 2) {
        return reading_.fail(word, expected, "letters are small");
      }
    }
    program_.given_size = static_cast<std::uint16_t>(size);
    return true;
  }

  bool append(const Operation& operation, const Word& called) {
    const auto births = std::ranges::count_if(program_.view(), may_bear, &Operation::code);
    if (may_bear(operation.code) && births == kMaxSessions) {
      return reading_.fail(
          called, fmt::format("no more than {} operations that make a session", kMaxSessions));
    }
    if (!program_.append(operation)) {
      return reading_.fail(called, fmt::format("no more than {} operations", kMaxOperations));
    }
    return true;
  }

  bool fail_name(const Word& word, bool in_body) {
    std::string expected = in_body ? "an operation, the body of the callback" : "an operation";
    std::string advice = did_you_mean(word.text, operation_names());
    if (const OperandKindRow* kind = kind_of(word.text); kind != nullptr && kind->is_handle) {
      advice = fmt::format("'{0}' is {1}; to assign it, write '{0} = ...'", word.text, kind->name);
    }
    if (in_body && begins_fault(word.text)) {
      advice = "faults inside a body count to the operation that runs the callback";
    }
    if (in_body && word.text.ends_with(':')) {
      advice = "a body runs on the thread that calls the callback";
    }
    return reading_.fail(word, std::move(expected), std::move(advice));
  }

  TraceReading& reading_;
  WordLine& line_;
  Program& program_;
  Word fault_;
};

}  // namespace

bool read_operations(TraceReading& reading, Program& program) {
  OperationReader reader(reading, program);
  Operation operation;
  if (!reader.read_thread(operation) || !reader.read_fault(operation) ||
      !reader.read_operation(operation)) {
    return false;
  }
  if (!has_body(operation)) {
    const bool may = operation.code == Op::ON_REMOVE || is_inside(operation.code);
    return reading.read_end(may ? "only 'do' has a body" : "");
  }
  Operation body;
  body.is_body = 1;
  return reader.read_operation(body) && reading.read_end();
}

}  // namespace lastref
