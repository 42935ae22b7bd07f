#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/program/fault_words.h"
#include "harness/program/operand.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

std::string print_teardown(Teardown teardown) {
  std::string text = "teardown";
  for (const TeardownStage stage : stages(teardown)) {
    text += ' ';
    text += name(stage);
  }
  if (teardown.falling != 0) text += " falling";
  if (teardown.unflushed != 0) text += " unflushed";
  return text;
}

// `none` for no bytes.
std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  return bytes.empty() ? "none" : fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace

std::string print_operation(const Operation& operation) {
  const OperationRow& of = row(operation.code);
  std::string text;
  if (operation.fault.any()) text = fault_words(operation.fault) + ": ";
  if (of.result != Result::NONE) {
    text += operand_word(variable_kind(of.result), operation.result);
    text += " = ";
  }
  text += of.name;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    text += ' ';
    text += operand_word(operand_kind(of, i), operation.operand[i]);
  }
  return text;
}

std::string print_trace(const Program& program) {
  std::string text = "lastref 1\n";
  if (!program.contract.empty()) {
    text += fmt::format("contract {}\n", fmt::join(program.contract.words(), " "));
  }
  if (program.misuse != Misuse::kNone) {
    text += fmt::format("misuse {} at {}\n", name(program.misuse), program.misuse_at + 1);
  }
  if (program.teardown != Teardown{}) text += print_teardown(program.teardown) + "\n";
  for (const Operation& operation : program.view()) {
    if (operation.thread != 0) text += fmt::format("t{}: ", operation.thread);
    text += print_operation(operation);
    if (operation.code == Op::BLOB_GIVE) text += ' ' + hexadecimal(program.given_bytes());
    text += has_body(operation) ? ' ' : '\n';
  }
  return text;
}

std::string TraceError::text(std::string_view name) const {
  return fmt::format("{}:{}:{}: found {}, expected {}{}{}", name, line, column, found, expected,
                     advice.empty() ? "" : "; ", advice);
}

}  // namespace lastref
