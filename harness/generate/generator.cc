#include "harness/generate/generator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <iterator>
#include <tuple>

namespace lastref {
namespace {

// A program in so many frees its contexts with full caches, which keeps them from being reused.
constexpr std::uint32_t kUnflushedOneIn = 512;
// A program in so many may let go of its contexts before its connections, with the same effect.
constexpr std::uint32_t kContextsFirstOneIn = 32;
// An operand in so many is drawn without a wish: changed ids, and caches with sessions of none.
constexpr std::uint32_t kUnwishedOneIn = 8;
// In programs of handshakes all but an operation in so many lead to the next handshake: left to
// chance, no session would ever be resumed.
constexpr std::uint32_t kUnguidedOneIn = 3;
// What leads to it is a servername callback once in so many: a server that is cleared is where the
// last one brought it, and only another one brings it elsewhere.
constexpr std::uint32_t kNamedOneIn = 16;
// A handshake in so many is complete whatever was drawn: only such leave what can be resumed.
constexpr std::uint32_t kCompletedOneIn = 2;
// A session in so many is set on a connection whose handshake has begun, of those that would be.
constexpr std::uint32_t kLateOneIn = 16;
// In such programs an operation in so many asks a context what it has counted.
constexpr std::uint32_t kCountedOneIn = 16;
// A program in so many begins without a context.
constexpr std::uint32_t kNoContextOneIn = 32;

// What a remove callback's body is drawn from: every operation that needs no lock of the context.
constexpr Op kBodies[] = {
    Op::SESSION_UP_REF, Op::SESSION_KEEP, Op::SESSION_KEEP, Op::SESSION_FREE,
    Op::SESSION_FREE,   Op::SESSION_DUP,  Op::SESSION_NEW,  Op::SET_ID,
    Op::SET_TIME,       Op::SET_TIMEOUT,  Op::SET_HOSTNAME, Op::SET_ALPN,
    Op::GET_ID,         Op::IS_RESUMABLE, Op::GET_TIMEOUT,  Op::SET_EX_DATA,
};

// What decides how the handshakes of connections still to be made will go.
constexpr Op kHandshakeSettings[] = {Op::SET_PROTOCOL,  Op::SET_TICKETS,    Op::SET_MODE,
                                     Op::ON_GET,        Op::ON_NEW,         Op::ON_SERVERNAME,
                                     Op::CLOCK_ADVANCE, Op::SET_SID_CONTEXT};

constexpr Op kCounters[] = {Op::GET_HITS, Op::GET_MISSES, Op::GET_TIMEOUTS, Op::GET_CALLBACK_HITS};

constexpr std::uint32_t kEveryHandle = (std::uint32_t{1} << kMaxHandles) - 1;

bool fulfils(Wish wish, const SessionState& session) {
  switch (wish) {
    case Wish::kAny:
      return true;
    case Wish::kOwned:
      return session.application > 0;
    case Wish::kNegotiated:
      return session.contents.negotiated != 0;
    case Wish::kWithId:
      return session.contents.id != kEmptyFingerprint;
    case Wish::kWithoutId:
      return session.contents.id == kEmptyFingerprint;
  }
  return true;
}

bool contexts_before_connections(Teardown teardown) {
  for (const TeardownStage stage : stages(teardown)) {
    if (stage == TeardownStage::kContexts) return true;
    if (stage == TeardownStage::kConnections) return false;
  }
  return false;
}

}  // namespace

Generator::Generator(const Mix& mix, std::uint64_t seed, std::uint64_t index)
    : mix_(mix), random_(seed, index), flavour_(mix.flavour(random_)) {}

Teardown Generator::teardown() {
  Teardown teardown;
  do {
    teardown.order = static_cast<std::uint8_t>(random_.below(kTeardownOrders));
  } while (contexts_before_connections(teardown) && !random_.one_in(kContextsFirstOneIn));
  teardown.falling = static_cast<std::uint8_t>(random_.below(2));
  teardown.unflushed = random_.one_in(kUnflushedOneIn) ? 1 : 0;
  return teardown;
}

Draft Generator::draw(const State& state) {
  Draft made;
  if (first_) {
    first_ = false;
    if (!random_.one_in(kNoContextOneIn)) {
      made.operation.code = Op::CONTEXT_NEW;
      return made;
    }
  }
  live_ = state.live_handles();
  const std::uint8_t missing = missing_from(state);
  // An operation whose operands do not exist yet is drawn again. The state that offers least,
  // nothing held at all, still allows `new`, which is in every flavour.
  const bool shakes_hands = (flavour_ >> static_cast<int>(Subject::kHandshakes) & 1U) != 0;
  while (true) {
    const bool guided = shakes_hands && !random_.one_in(kUnguidedOneIn);
    const Op code = guided ? next_of_handshake(state) : mix_.draw(flavour_, random_);
    if ((shape_of(code).needs & missing) != 0) continue;
    made.operation = Operation{};
    if (fill(code, state, made)) return made;
  }
}

Op Generator::next_of_handshake(const State& state) {
  if (random_.one_in(kCountedOneIn)) {
    const Op counter = kCounters[random_.below(std::size(kCounters))];
    if (mix_.has(counter)) return counter;
  }
  const ConnectionState& connection = state.connections[random_.below(kMaxConnections)];
  if (connection.alive == 0) {
    const Op setting = kHandshakeSettings[random_.below(std::size(kHandshakeSettings))];
    return random_.one_in(2) && mix_.has(setting) ? setting : Op::CONNECTION_NEW;
  }
  switch (connection.stage) {
    case Stage::kBegun:
      return random_.one_in(2) ? Op::CONNECTION_CLEAR : Op::CONNECTION_FREE;
    case Stage::kEstablished:
      if (connection.shut_down == 0) return Op::SHUTDOWN;
      if (random_.one_in(4)) {
        return mix_.has(Op::COPY_SESSION) ? Op::COPY_SESSION : Op::GET1_SESSION;
      }
      return random_.one_in(3) ? Op::CONNECTION_FREE : Op::CONNECTION_CLEAR;
    case Stage::kReady:
      break;
  }
  if (random_.one_in(kNamedOneIn) && mix_.has(Op::ON_SERVERNAME)) return Op::ON_SERVERNAME;
  return random_.one_in(4) ? Op::SET_SESSION : Op::HANDSHAKE;
}

std::uint8_t Generator::missing_from(const State& state) const {
  static_assert(kMaxContexts == 2 && kMaxConnections == 2 && kMaxBlobs == 2);
  const bool context = (state.contexts[0].application | state.contexts[1].application) != 0;
  const bool connection = (state.connections[0].alive | state.connections[1].alive) != 0;
  const bool blob = (state.blobs[0].written | state.blobs[1].written) != 0;
  return static_cast<std::uint8_t>((live_ != 0 ? 0 : kNeedsSession) |
                                   (context ? 0 : kNeedsContext) |
                                   (connection ? 0 : kNeedsConnection) | (blob ? 0 : kNeedsBlob));
}

// The first live one that fulfils the wish, from a random one on; a wish that none fulfils is given
// up, except for kOwned, which is a rule. The first is mostly it.
int Generator::live_handle(Wish wish, const State& state) {
  if (live_ == 0) return kNone;
  const std::uint32_t start = random_.below(kMaxHandles);
  const std::uint32_t turned = (live_ | live_ << kMaxHandles) >> start;
  const auto handle_of = [start](std::uint32_t rest) {
    return (start + static_cast<std::uint32_t>(std::countr_zero(rest))) % kMaxHandles;
  };
  if (wish == Wish::kAny) return static_cast<int>(handle_of(turned));
  for (std::uint32_t rest = turned & kEveryHandle; rest != 0; rest &= rest - 1) {
    const std::uint32_t handle = handle_of(rest);
    if (fulfils(wish, state.sessions[state.handles[handle]])) return static_cast<int>(handle);
  }
  return wish == Wish::kOwned ? kNone : static_cast<int>(handle_of(turned));
}

int Generator::wished_handle(Wish wish, const State& state) {
  return live_handle(random_.one_in(kUnwishedOneIn) ? Wish::kAny : wish, state);
}

// A handle that may be overwritten without losing the last name of a reference.
int Generator::assignable_handle(const State& state) {
  const std::uint32_t start = random_.below(kMaxHandles);
  for (std::uint32_t i = 0; i < kMaxHandles; ++i) {
    const std::uint32_t handle = (start + i) % kMaxHandles;
    const std::uint8_t number = state.handles[handle];
    if ((live_ >> handle & 1U) == 0 || state.sessions[number].application == 0 ||
        std::ranges::count(state.handles, number) > 1) {
      return static_cast<int>(handle);
    }
  }
  return kNone;
}

// One of the two, if either is there.
template <typename Things, typename IsThere>
int Generator::one_of_two(const Things& things, IsThere is_there) {
  static_assert(std::tuple_size_v<Things> == 2);
  const std::uint32_t first = random_.below(2);
  const std::uint32_t chosen = first ^ static_cast<std::uint32_t>(!is_there(things[first]));
  return is_there(things[chosen]) ? static_cast<int>(chosen) : kNone;
}

int Generator::context(const State& state) {
  return one_of_two(state.contexts, [](const ContextState& of) { return of.application > 0; });
}

int Generator::operand(OperandKind kind, std::uint32_t range, Wish wish, const State& state) {
  switch (kind) {
    case OperandKind::kSession:
      return wished_handle(wish, state);
    case OperandKind::kSessionOrNull:
      return random_.one_in(32) ? kNullHandle : live_handle(wish, state);
    case OperandKind::kContext:
      return context(state);
    case OperandKind::kConnection:
      return one_of_two(state.connections, [](const ConnectionState& of) { return of.alive != 0; });
    case OperandKind::kBlob:
      return one_of_two(state.blobs, [](const BlobState& of) { return of.written != 0; });
    default:
      return value(range);
  }
}

int Generator::result(Result kind, std::uint32_t range, const State& state) {
  switch (kind) {
    case Result::SESSION:
      return assignable_handle(state);
    case Result::CONTEXT:
    case Result::CONNECTION: {
      const std::uint32_t start = random_.below(range);
      for (std::uint32_t i = 0; i < range; ++i) {
        const std::uint32_t place = (start + i) % range;
        const bool taken = kind == Result::CONTEXT ? state.contexts[place].alive()
                                                   : state.connections[place].alive != 0;
        if (!taken) return static_cast<int>(place);
      }
      return kNone;
    }
    default:
      return static_cast<int>(random_.below(range));
  }
}

// The operands of an operation; false when one has nothing to be drawn from.
bool Generator::fill_operands(const Shape& shape, const State& state, Operation& operation) {
  std::array<int, kMaxOperands> drawn{};
  switch (shape.pattern) {
    case Pattern::kNone:
      return true;
    case Pattern::kSession:
      drawn[0] = wished_handle(shape.wish, state);
      break;
    case Pattern::kSessionValue:
      drawn[0] = wished_handle(shape.wish, state);
      if (drawn[0] >= 0) drawn[1] = value(shape.ranges[1]);
      break;
    case Pattern::kContext:
      drawn[0] = context(state);
      break;
    case Pattern::kContextValue:
      drawn[0] = context(state);
      if (drawn[0] >= 0) drawn[1] = value(shape.ranges[1]);
      break;
    case Pattern::kContextSession:
      drawn[0] = context(state);
      if (drawn[0] >= 0) drawn[1] = wished_handle(shape.wish, state);
      break;
    case Pattern::kOther:
      for (std::size_t i = 0; i < shape.operands; ++i) {
        drawn[i] = operand(shape.kinds[i], shape.ranges[i], shape.wish, state);
        if (drawn[i] < 0) return false;
      }
      break;
  }
  for (std::size_t i = 0; i < kMaxOperands; ++i) {
    operation.operand[i] = static_cast<std::uint8_t>(drawn[i]);
  }
  return (drawn[0] | drawn[1]) >= 0;
}

bool Generator::fill(Op code, const State& state, Draft& draft) {
  Operation& operation = draft.operation;
  operation.code = code;
  const Shape& shape = shape_of(code);
  if (!fill_operands(shape, state, operation)) return false;
  if (shape.result != Result::NONE) {
    const int assigned = result(shape.result, shape.result_range, state);
    if (assigned < 0) return false;
    operation.result = static_cast<std::uint8_t>(assigned);
  }
  // A session that is set late leaves no way to the next handshake but over a cleared connection.
  if (code == Op::SET_SESSION && state.connections[operation.operand[0]].stage != Stage::kReady &&
      !random_.one_in(kLateOneIn)) {
    return false;
  }
  // The other end; both are needed, and a handshake is dear enough not to be drawn in vain.
  if (code == Op::HANDSHAKE) {
    operation.operand[1] = static_cast<std::uint8_t>(1 - operation.operand[0]);
    if (random_.one_in(kCompletedOneIn)) operation.operand[2] = kStopComplete;
    for (const ConnectionState& connection : state.connections) {
      if (connection.alive == 0 || connection.stage != Stage::kReady) return false;
    }
  }
  if (!has_body(operation)) return true;
  const auto body = draw_body(state);
  if (body) draft.body = *body;
  return body.has_value();
}

std::optional<Operation> Generator::draw_body(const State& state) {
  const Op code = kBodies[random_.below(std::size(kBodies))];
  if (!mix_.has(code)) return std::nullopt;
  Draft draft;
  if (!fill(code, state, draft)) {
    if (row(code).operands.empty()) return std::nullopt;
    draft = Draft{};  // no live session now; `arg` will be one when the body runs
    draft.operation.code = code;
  }
  Operation body = draft.operation;
  body.is_body = 1;
  const bool takes_session = !row(code).operands.empty();
  if (takes_session && code != Op::SESSION_FREE && !random_.one_in(4)) {
    body.operand[0] = kArgumentHandle;
  }
  return body;
}

}  // namespace lastref
