// A remove callback that uses its own context, for each way out of the cache.

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "harness/inject/callback_programs.h"
#include "harness/inject/program_draft.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint8_t kContext = 0;
// The session that leaves first, one that is in the cache as well, and two that are not: one with
// an id of its own, and one with the first one's.
constexpr std::uint8_t kFirst = 0;
constexpr std::uint8_t kBeside = 1;
constexpr std::uint8_t kStranger = 2;
constexpr std::uint8_t kTwin = 3;
constexpr std::array<std::uint8_t, 4> kIdOf = {0, 1, 2, 0};

// Not in the cache when the others are: the sessions that a body may name.
constexpr std::uint8_t kNamed[] = {kArgumentHandle, kFirst, kBeside, kStranger, kTwin};

enum class Way : std::uint8_t { kRemoved, kFlushed, kEvicted, kReplaced };
constexpr Way kWays[] = {Way::kRemoved, Way::kFlushed, Way::kEvicted, Way::kReplaced};

std::uint8_t index_of(OperandKind kind, std::int64_t value) {
  return static_cast<std::uint8_t>(value_index(kind, value));
}

Operation body_of(Op code, std::initializer_list<std::uint8_t> operands) {
  Operation body;
  body.code = code;
  std::copy(operands.begin(), operands.end(), body.operand.begin());
  return body;
}

// What a callback does that an add calls, which goes on behind it, is little: who it finds then,
// the model knows of the session alone that is being added.
std::vector<Operation> bodies(Way way) {
  const bool adds = way == Way::kEvicted || way == Way::kReplaced;
  std::vector<Operation> all;
  for (const Op code : {Op::GET_NUMBER, Op::CONTEXT_UP_REF, Op::CONNECTION_NEW}) {
    all.push_back(body_of(code, {kContext}));
  }
  if (adds) {
    const std::uint8_t added = way == Way::kEvicted ? kStranger : kTwin;
    all.push_back(body_of(Op::CACHE_ADD, {kContext, added}));
    return all;
  }
  all.push_back(body_of(Op::CONTEXT_FREE, {kContext}));
  for (const Op code : {Op::CACHE_ADD, Op::CACHE_REMOVE}) {
    for (const std::uint8_t named : kNamed) all.push_back(body_of(code, {kContext, named}));
  }
  all.push_back(body_of(Op::CACHE_FLUSH, {kContext, index_of(OperandKind::kTime, 0)}));
  return all;
}

Program removal(std::uint64_t capabilities, Way way, bool beside, const Operation& body) {
  ProgramDraft draft(capabilities);
  draft.add(Op::CONTEXT_NEW, {}, kContext);
  for (std::uint8_t session = 0; session < kIdOf.size(); ++session) {
    draft.add(Op::SESSION_NEW_WITH_ID, {kIdOf[session]}, session);
  }
  draft.add(Op::CACHE_ADD, {kContext, kFirst});
  if (beside) draft.add(Op::CACHE_ADD, {kContext, kBeside});
  draft.add(Op::ON_REMOVE, {kContext, kOnRemoveDo}).add_body(body);
  switch (way) {
    case Way::kRemoved:
      draft.add(Op::CACHE_REMOVE, {kContext, kFirst});
      break;
    case Way::kFlushed:
      draft.add(Op::CACHE_FLUSH, {kContext, index_of(OperandKind::kTime, 0)});
      break;
    case Way::kEvicted:
      draft.add(Op::SET_CACHE_SIZE, {kContext, index_of(OperandKind::kCacheSize, beside ? 2 : 1)});
      draft.add(Op::CACHE_ADD, {kContext, kStranger});
      break;
    case Way::kReplaced:
      draft.add(Op::CACHE_ADD, {kContext, kTwin});
      break;
  }
  draft.add(Op::ON_REMOVE, {kContext, kOnRemoveOff});
  return draft.program();
}

}  // namespace

std::vector<Program> removal_programs(const Contract& contract, std::uint64_t capabilities) {
  std::vector<Program> programs;
  const ProgramDraft draft(capabilities);
  for (const Op code : {Op::ON_REMOVE, Op::SESSION_NEW_WITH_ID, Op::CACHE_ADD, Op::CACHE_REMOVE,
                        Op::CACHE_FLUSH, Op::SET_CACHE_SIZE}) {
    if (!draft.can(code)) return programs;
  }
  const Model model(contract);
  for (const Way way : kWays) {
    for (const Operation& body : bodies(way)) {
      if (!draft.can(body.code)) continue;
      for (const bool beside : {false, true}) {
        // A context with sessions left ends behind the call, where the model has it end at once.
        if (beside && way == Way::kRemoved && body.code == Op::CONTEXT_FREE) continue;
        Program program = removal(capabilities, way, beside, body);
        const auto ignore = [](const Operation&, const State&, const Expectation&) {};
        if (predict(model, program, ignore).legality != Legality::kLegal) {
          // One that frees its context has none to set a callback on.
          program.operations[--program.size] = Operation{};
          if (predict(model, program, ignore).legality != Legality::kLegal) continue;
        }
        programs.push_back(program);
      }
    }
  }
  return programs;
}

}  // namespace lastref
