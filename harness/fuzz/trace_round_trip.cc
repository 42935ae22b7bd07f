#include "harness/fuzz/trace_round_trip.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "harness/program/binary.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

std::string wrong_refusal(std::string_view text, const TraceError& error) {
  // The end of the text is a place too, on a line of its own behind the last.
  const auto lines = 1 + std::ranges::count(text, '\n');
  if (error.line < 1 || error.line > lines + 1 || error.column < 1) {
    return fmt::format("refused at line {}, column {}, of a text of {} lines", error.line,
                       error.column, lines);
  }
  if (error.found.empty() || error.expected.empty()) {
    return "refused without a word of what was found or expected";
  }
  return {};
}

}  // namespace

std::string wrong_round_trip(std::string_view text) {
  const auto parsed = parse_trace(text);
  if (const auto* error = std::get_if<TraceError>(&parsed)) return wrong_refusal(text, *error);
  const auto& program = std::get<Program>(parsed);
  if (const std::string wrong = malformed(program); !wrong.empty()) {
    return "a program that is not well formed was taken: " + wrong;
  }
  const std::string printed = print_trace(program);
  const auto again = parse_trace(printed);
  if (const auto* error = std::get_if<TraceError>(&again)) {
    return "what was printed is refused: " + error->text("the print") + "\n" + printed;
  }
  if (!(std::get<Program>(again) == program)) {
    return "what was printed is another program:\n" + printed;
  }
  if (!(decode_program(encode_program(program)) == program)) {
    return "the binary form is another program's:\n" + printed;
  }
  return {};
}

}  // namespace lastref
