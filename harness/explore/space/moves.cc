#include "harness/explore/space/moves.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "harness/explore/space/state_names.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// What a remove callback's body does, what says most first. All may be called with a context's lock
// held.
constexpr Op kBodies[] = {
    Op::SESSION_KEEP, Op::SESSION_FREE, Op::SET_TIMEOUT, Op::SESSION_DUP,  Op::SESSION_UP_REF,
    Op::GET_ID,       Op::SESSION_NEW,  Op::SET_ID,      Op::IS_RESUMABLE, Op::SET_TIME,
    Op::SET_HOSTNAME, Op::SET_EX_DATA,  Op::SET_ALPN,    Op::GET_TIMEOUT,
};

// Which values of a pool come first, where that is not the pool's own order: such as are not what
// the library begins with.
struct Preference {
  OperandKind kind;
  std::array<std::uint8_t, 4> first;
};
constexpr Preference kPreferences[] = {
    {OperandKind::kTime, {1, 0, 2, 3}},       // 300 seconds ago
    {OperandKind::kVersion, {1, 0, 2, 2}},    // tls1.3
    {OperandKind::kCacheMode, {1, 3, 7, 0}},  // off, both, server|update_time
    {OperandKind::kClockStep, {2, 1, 0, 3}},  // 305
    {OperandKind::kOnNew, {0, 1, 2, 2}},
    {OperandKind::kOnGet, {0, 5, 2, 3}},  // off, owned, borrowed
};
// To flush all, and what is expired after a step of the clock.
constexpr Preference kFlushPreference = {OperandKind::kTime, {4, 3, 0, 1}};

std::vector<std::uint8_t> in_order(OperandKind kind, const Preference* preference) {
  std::vector<std::uint8_t> order(static_cast<std::size_t>(operand_range(kind)));
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  if (preference == nullptr) return order;
  std::size_t place = 0;
  for (const std::uint8_t value : preference->first) {
    const auto found =
        std::find(order.begin() + static_cast<std::ptrdiff_t>(place), order.end(), value);
    if (found == order.end()) continue;
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(place), found, found + 1);
    ++place;
  }
  return order;
}

const Preference* preference_of(Op code, OperandKind kind) {
  if (code == Op::CACHE_FLUSH && kind == OperandKind::kTime) return &kFlushPreference;
  for (const Preference& preference : kPreferences) {
    if (preference.kind == kind) return &preference;
  }
  return nullptr;
}

bool is_value(OperandKind kind) {
  switch (kind) {
    case OperandKind::kSession:
    case OperandKind::kSessionOrNull:
    case OperandKind::kContext:
    case OperandKind::kConnection:
    case OperandKind::kBlob:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::vector<std::uint8_t> values_within(const Bound& bound, Op code, OperandKind kind) {
  auto count = static_cast<std::size_t>(bound[Limit::kValues]);
  switch (kind) {
    case OperandKind::kId:
      count = static_cast<std::size_t>(bound[Limit::kIds]);
      break;
    case OperandKind::kCacheSize: {
      std::vector<std::uint8_t> sizes;
      const auto pool = number_values(kind);
      for (std::size_t i = 0; i < pool.size(); ++i) {
        const bool within = pool[i].value >= 1 && pool[i].value <= bound[Limit::kCache];
        if (within) sizes.push_back(static_cast<std::uint8_t>(i));
      }
      return sizes;
    }
    case OperandKind::kOnRemove:
      return {kOnRemoveOff, kOnRemoveWatch};
    case OperandKind::kOnNew:
    case OperandKind::kOnGet:
      ++count;  // `off` undoes the others
      break;
    case OperandKind::kTime:
      if (code == Op::CACHE_FLUSH) ++count;
      break;
    default:
      break;
  }
  std::vector<std::uint8_t> values = in_order(kind, preference_of(code, kind));
  values.resize(std::min(values.size(), count));
  return values;
}

Moves::Moves(const Bound& bound, std::uint64_t capabilities, const Symmetry& symmetry)
    : bound_(bound), symmetry_(symmetry) {
  const auto choice_of = [&](Op code) {
    Choice choice;
    choice.code = code;
    const OperationRow& of = row(code);
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      const OperandKind kind = operand_kind(of, i);
      if (is_value(kind)) choice.values[i] = values_within(bound, code, kind);
    }
    return choice;
  };
  const auto can = [&](Op code) {
    return bound.has(code) && (row(code).capability & capabilities) == row(code).capability;
  };
  for (const OperationRow& of : operation_table()) {
    if (can(of.code)) choices_.push_back(choice_of(of.code));
  }
  for (const Op code : kBodies) {
    if (static_cast<int>(bodies_.size()) == bound[Limit::kBodies]) break;
    if (can(code)) bodies_.push_back(choice_of(code));
  }
}

bool Moves::has(Op code) const {
  return std::any_of(choices_.begin(), choices_.end(),
                     [&](const Choice& choice) { return choice.code == code; });
}

void Moves::append(const State& state, std::vector<Move>& moves) const {
  std::vector<Operation> made;
  for (const Choice& choice : choices_) {
    made.clear();
    append(state, choice, false, made);
    for (const Operation& operation : made) moves.push_back({operation, Operation{}});
    if (choice.code == Op::ON_REMOVE && !bodies_.empty()) {
      for (const Operation& operation : made) {
        if (operation.operand[1] == kOnRemoveWatch) append_bodies(state, operation, moves);
      }
    }
  }
}

void Moves::append_bodies(const State& state, const Operation& operation,
                          std::vector<Move>& moves) const {
  std::vector<Operation> bodies;
  for (const Choice& choice : bodies_) append(state, choice, true, bodies);
  for (Operation& body : bodies) {
    Move move{operation, body};
    move.operation.operand[1] = kOnRemoveDo;
    move.body.is_body = 1;
    moves.push_back(move);
  }
}

// Every combination of operands and result.
void Moves::append(const State& state, const Choice& choice, bool is_body,
                   std::vector<Operation>& made) const {
  const OperationRow& of = row(choice.code);
  std::array<Indices, kMaxOperands + 1> indices;
  const std::size_t places = of.operands.size() + 1;
  for (std::size_t place = 0; place < places; ++place) {
    if (place + 1 < places) {
      operands(state, choice, place, is_body, indices[place]);
    } else {
      results(state, of.result, is_body, indices[place]);
    }
    if (indices[place].empty()) return;
  }
  std::array<std::size_t, kMaxOperands + 1> chosen{};
  while (true) {
    Operation operation;
    operation.code = choice.code;
    for (std::size_t place = 0; place + 1 < places; ++place) {
      operation.operand[place] = indices[place][chosen[place]];
    }
    operation.result = indices[places - 1][chosen[places - 1]];
    made.push_back(operation);
    std::size_t place = 0;
    while (place < places && ++chosen[place] == indices[place].size()) chosen[place++] = 0;
    if (place == places) return;
  }
}

void Moves::operands(const State& state, const Choice& choice, std::size_t place, bool is_body,
                     Indices& out) const {
  const OperandKind kind = operand_kind(row(choice.code), place);
  const auto handles = static_cast<std::size_t>(bound_[Limit::kHandles]);
  switch (kind) {
    case OperandKind::kSessionOrNull:
    case OperandKind::kSession: {
      // Which of several names of a session is used matters only to what changes the variable. A
      // body looks at it later.
      const bool any_name = !is_body && (symmetry_.handles || choice.code != Op::D2I_INTO);
      for (std::uint8_t handle = 0; handle < handles; ++handle) {
        if (!is_body && !state.is_live(state.handles[handle])) continue;
        if (any_name && is_like_an_earlier(state, handle)) continue;
        out.push_back(handle);
      }
      if (is_body && choice.code != Op::SESSION_FREE) out.push_back(kArgumentHandle);
      if (kind == OperandKind::kSessionOrNull && !is_body) out.push_back(kNullHandle);
      break;
    }
    case OperandKind::kContext:
      for (std::uint8_t context = 0; context < bound_[Limit::kContexts]; ++context) {
        if (state.contexts[context].application > 0) out.push_back(context);
      }
      break;
    case OperandKind::kConnection:
      for (std::uint8_t connection = 0; connection < bound_[Limit::kConnections]; ++connection) {
        if (state.connections[connection].alive != 0) out.push_back(connection);
      }
      break;
    case OperandKind::kBlob:
      for (std::uint8_t blob = 0; blob < bound_[Limit::kBlobs]; ++blob) {
        if (state.blobs[blob].written != 0) out.push_back(blob);
      }
      break;
    case OperandKind::kId:
      ids(state, choice.values[place], out);
      break;
    default:
      out = choice.values[place];
      break;
  }
}

// Of ids that nothing has, one stands for all.
void Moves::ids(const State& state, const std::vector<std::uint8_t>& values, Indices& out) const {
  if (!symmetry_.ids) {
    out = values;
    return;
  }
  const std::uint8_t used = ids_in_use(state);
  bool fresh = false;
  for (const std::uint8_t value : values) {
    const bool in_use = (used >> value & 1U) != 0;
    if (!in_use && fresh) continue;
    fresh = fresh || !in_use;
    out.push_back(value);
  }
}

void Moves::results(const State& state, Result kind, bool is_body, Indices& out) const {
  switch (kind) {
    case Result::NONE:
      out.push_back(0);
      break;
    case Result::SESSION:
      for (std::uint8_t handle = 0; handle < bound_[Limit::kHandles]; ++handle) {
        if (!is_body && symmetry_.handles && is_like_an_earlier(state, handle)) continue;
        out.push_back(handle);
      }
      break;
    case Result::CONTEXT:
      for (std::uint8_t context = 0; context < bound_[Limit::kContexts]; ++context) {
        if (state.contexts[context].alive()) continue;
        out.push_back(context);
        break;
      }
      break;
    case Result::CONNECTION:
      for (std::uint8_t connection = 0; connection < bound_[Limit::kConnections]; ++connection) {
        if (state.connections[connection].alive != 0) continue;
        out.push_back(connection);
        break;
      }
      break;
    case Result::BLOB:
      for (std::uint8_t blob = 0; blob < bound_[Limit::kBlobs]; ++blob) out.push_back(blob);
      break;
  }
}

}  // namespace lastref
