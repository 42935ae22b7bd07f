#include "harness/reproduce/fault_c.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "harness/reproduce/spelling.h"
#include "harness/reproduce/statement_c.h"

namespace lastref {
namespace {

// By Damage, as kFlightParts has them.
constexpr std::array<std::string_view, kDamages> kDamageNames = {"FLIP", "INVERT", "CUT", "REPEAT"};

// Behind a failure an object may be missing that a call needs; functions that give one back take
// NULL.
std::string guarded(SourceDraft& draft, const TimelineStep& step, const std::string& statement) {
  const OperationRow& of = row(step.operation.code);
  if (step.operation.fault.any() || of.effect == Effect::RELEASE) return statement;
  std::string there;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    if (kind != OperandKind::kSession && kind != OperandKind::kContext &&
        kind != OperandKind::kConnection) {
      continue;
    }
    there += fmt::format("{}{} != NULL", there.empty() ? "" : " && ",
                         operand_c(draft, step.operation, i));
  }
  return there.empty() ? statement : fmt::format("  if ({}) {{\n{}  }}\n", there, statement);
}

// Whether the finding is what the call of the step, in which nothing fails itself, returned.
bool is_wrong_result(const ReproducerInput& input, const TimelineStep& step) {
  if (input.symptoms.empty() || step.operation.fault.any()) return false;
  const Symptom& cause = input.symptoms.cause();
  const OperationRow& of = row(step.operation.code);
  const bool result = cause.what == Discrepancy::kResult ||
                      cause.what == Discrepancy::kContentResult ||
                      cause.what == Discrepancy::kStatisticResult;
  return cause.operation == step.index && result && of.result == Result::NONE &&
         of.effect != Effect::REPLACE;
}

}  // namespace

bool is_behind_fault(const ReproducerInput& input, const TimelineStep& step) {
  return has_faults(input.program) && !step.judged;
}

std::string fault_begin_c(const Operation& operation, bool attempts) {
  const Fault fault = operation.fault;
  if (!fault.any()) return {};
  if (fault.is_flight()) {
    return fmt::format("  damage_flight({}, {}, {});\n", fault.flight(),
                       kDamageNames[static_cast<std::size_t>(fault.damage())], fault.at());
  }
  const bool tried = attempts && operation.code == Op::HANDSHAKE;
  return fmt::format("  fail_alloc({}, {});\n", tried ? "nth" : std::to_string(fault.at()),
                     fault.persistent() ? 1 : 0);
}

std::string fault_end_c(const Operation& operation) {
  if (!operation.fault.any()) return {};
  return operation.fault.is_flight() ? "  damage_flight(0, 0, 0);\n" : "  fail_alloc(0, 0);\n";
}

std::string step_c(SourceDraft& draft, const ReproducerInput& input, const TimelineStep& step) {
  if (!is_behind_fault(input, step)) return statement_c(draft, step);
  if (!is_wrong_result(input, step)) return guarded(draft, step, statement_c(draft, step));
  TimelineStep judged = step;
  judged.judged = true;
  judged.expected.result = input.symptoms.cause().expected;
  judged.expected.any_result = false;
  return guarded(draft, step, statement_c(draft, judged));
}

}  // namespace lastref
