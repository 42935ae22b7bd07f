#include "harness/program/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/program/capabilities.h"

namespace lastref {
namespace {

constexpr std::array<std::string_view, kMisuseCount> kMisuseNames = {
    "none", "double-free", "borrowed-free", "use-after-free", "leak", "two-contexts",
};

constexpr auto S = TeardownStage::kSessions;
constexpr auto N = TeardownStage::kConnections;
constexpr auto C = TeardownStage::kContexts;
constexpr std::array<std::array<TeardownStage, 3>, kTeardownOrders> kStages = {{
    {S, N, C},
    {S, C, N},
    {N, S, C},
    {N, C, S},
    {C, S, N},
    {C, N, S},
}};

bool takes_session(OperandKind kind) {
  return kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull;
}

// What is wrong with one operation, without regard to its neighbours; empty when nothing is.
std::string wrong_alone(const Operation& operation) {
  if (!is_operation(operation.code)) {
    return fmt::format("number {} is no operation", static_cast<int>(operation.code));
  }
  const OperationRow& of = row(operation.code);
  if (operation.is_body > 1) return "the mark of a body is neither 0 nor 1";
  if (operation.thread >= kMaxThreads)
    return fmt::format("there is no thread {}", operation.thread);
  if (operation.is_body == 1 && operation.thread != 0) return "a body has no thread of its own";
  if (operation.fault.any() && operation.is_body == 1) return "a body has no fault of its own";
  if (operation.fault.any() && !may_have(operation.code, operation.fault)) {
    return operation.fault.is_flight()
               ? fmt::format("'{}' sends no flight", of.name)
               : fmt::format("'{}' allocates nothing that could fail", of.name);
  }
  if (operation.result >= result_range(of.result)) {
    return fmt::format("the result {} is out of range", operation.result);
  }
  for (std::size_t i = 0; i < operation.operand.size(); ++i) {
    const std::uint8_t value = operation.operand[i];
    if (i >= of.operands.size()) {
      if (value != 0) return fmt::format("byte {} of the operands is unused and not zero", i + 1);
      continue;
    }
    const OperandKind kind = operand_kind(of, i);
    if (value >= operand_range(kind)) return fmt::format("operand {} is out of range", i + 1);
    if (takes_session(kind) && value == kArgumentHandle && operation.is_body == 0) {
      return fmt::format("operand {} is 'arg' outside of a body", i + 1);
    }
  }
  return {};
}

std::string wrong_header(const Program& program) {
  if (program.size > kMaxOperations) {
    return fmt::format("{} operations are more than {}", program.size, kMaxOperations);
  }
  if (program.teardown.order >= kTeardownOrders || program.teardown.falling > 1 ||
      program.teardown.unflushed > 1) {
    return "the teardown is out of range";
  }
  if (static_cast<int>(program.misuse) >= kMisuseCount) return "the misuse is out of range";
  if (program.misuse == Misuse::kNone ? program.misuse_at != 0
                                      : program.misuse_at >= program.size) {
    return "the misuse is at an operation that does not exist";
  }
  const auto given = std::ranges::count(program.view(), Op::BLOB_GIVE, &Operation::code);
  if (given > 1) return "more than one operation brings bytes along";
  if (program.given_size > (given == 0 ? 0 : kMaxGivenBytes)) {
    return fmt::format("there are {} bytes that no operation gives", program.given_size);
  }
  return {};
}

}  // namespace

std::string_view name(Misuse misuse) { return kMisuseNames[static_cast<std::size_t>(misuse)]; }

std::array<TeardownStage, 3> stages(Teardown teardown) { return kStages[teardown.order]; }

std::string_view name(TeardownStage stage) {
  switch (stage) {
    case TeardownStage::kSessions:
      return "sessions";
    case TeardownStage::kConnections:
      return "connections";
    case TeardownStage::kContexts:
      return "contexts";
  }
  return "?";
}

bool operator==(const Program& a, const Program& b) {
  return a.teardown == b.teardown && a.misuse == b.misuse && a.misuse_at == b.misuse_at &&
         a.contract == b.contract && std::ranges::equal(a.view(), b.view()) &&
         std::ranges::equal(a.given_bytes(), b.given_bytes());
}

std::string malformed(const Program& program) {
  if (std::string wrong = wrong_header(program); !wrong.empty()) return wrong;
  int births = 0;
  bool body_due = false;
  for (std::size_t i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[i];
    std::string wrong = wrong_alone(operation);
    if (wrong.empty()) {
      births += may_bear(operation.code) ? 1 : 0;
      if (births > kMaxSessions) wrong = fmt::format("more than {} sessions", kMaxSessions);
      if (operation.is_body == 1 && has_body(operation)) wrong = "a body has a body";
      if (operation.is_body == 1 && !body_due) wrong = "a body without a 'do' before it";
      if (operation.is_body == 0 && body_due) wrong = "not a body, though a 'do' is before it";
    }
    if (!wrong.empty()) return fmt::format("operation {}: {}", i + 1, wrong);
    body_due = has_body(operation);
  }
  if (body_due) return fmt::format("operation {}: a 'do' without a body after it", program.size);
  return {};
}

bool damages_blobs(const Program& program) {
  return std::ranges::any_of(program.view(), [](const Operation& operation) {
    return operation.code == Op::BLOB_TRUNCATE || operation.code == Op::BLOB_CHANGE ||
           operation.code == Op::BLOB_GIVE;
  });
}

bool has_faults(const Program& program) {
  return std::ranges::any_of(program.view(),
                             [](const Operation& operation) { return operation.fault.any(); });
}

Program without_faults(Program program) {
  for (Operation& operation : program.operations) operation.fault = Fault();
  return program;
}

std::uint64_t needs(const Program& program) {
  std::uint64_t capabilities = 0;
  for (const Operation& operation : program.view()) {
    capabilities |= row(operation.code).capability | capability_of(operation.fault);
  }
  return capabilities;
}

}  // namespace lastref
