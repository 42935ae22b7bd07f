#include "harness/generate/generator.h"

#include <lastref/target_abi.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <iterator>

namespace lastref {
namespace {

// A program in so many frees its contexts with full caches, which keeps them from being reused.
constexpr std::uint32_t kUnflushedOneIn = 512;
// A program in so many may let go of its contexts before its connections, with the same effect.
constexpr std::uint32_t kContextsFirstOneIn = 32;
// An operand in so many is drawn without a wish: changed ids, and caches with sessions of none.
constexpr std::uint32_t kUnwishedOneIn = 8;
// In programs of handshakes an operation in so many is what leads to the next handshake: left to
// chance, no session would ever be resumed.
constexpr std::uint32_t kGuidedOneIn = 2;
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
constexpr Op kHandshakeSettings[] = {Op::SET_PROTOCOL, Op::SET_TICKETS, Op::SET_MODE, Op::ON_GET};

// A row of the operation table as a generator reads it, thirty times a microsecond.
struct Shape {
  std::uint8_t operands = 0;
  std::array<OperandKind, kMaxOperands> kinds{};
  std::array<std::uint8_t, kMaxOperands> ranges{};
  Result result = Result::NONE;
  std::uint8_t result_range = 0;
  std::uint8_t needs = 0;  // bits of Need
};

// What must be there before an operation can be drawn.
enum Need : std::uint8_t {
  kNeedsSession = 1,
  kNeedsContext = 2,
  kNeedsConnection = 4,
  kNeedsBlob = 8,
};

std::uint8_t need_of(OperandKind kind) {
  switch (kind) {
    case OperandKind::kSession:
      return kNeedsSession;
    case OperandKind::kContext:
      return kNeedsContext;
    case OperandKind::kConnection:
      return kNeedsConnection;
    case OperandKind::kBlob:
      return kNeedsBlob;
    default:
      return 0;
  }
}

// Worked out once, at start.
const std::array<Shape, LASTREF_OP_LIMIT> kShapes = [] {
  std::array<Shape, LASTREF_OP_LIMIT> made;
  for (const OperationRow& of : operation_table()) {
    Shape& shape = made[static_cast<std::size_t>(of.code)];
    shape.operands = static_cast<std::uint8_t>(of.operands.size());
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      shape.kinds[i] = operand_kind(of, i);
      shape.ranges[i] = static_cast<std::uint8_t>(operand_range(shape.kinds[i]));
      shape.needs |= need_of(shape.kinds[i]);
    }
    shape.result = of.result;
    shape.result_range = static_cast<std::uint8_t>(result_range(of.result));
  }
  return made;
}();

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
  if (first_) {
    first_ = false;
    if (!random_.one_in(kNoContextOneIn)) {
      Draft made;
      made.operation.code = Op::CONTEXT_NEW;
      return made;
    }
  }
  live_ = live_handles(state);
  const std::uint8_t missing = missing_from(state);
  // An operation whose operands do not exist yet is drawn again. The state that offers least,
  // nothing held at all, still allows `new`, which is in every flavour.
  const bool shakes_hands = (flavour_ >> static_cast<int>(Subject::kHandshakes) & 1U) != 0;
  while (true) {
    const bool guided = shakes_hands && random_.one_in(kGuidedOneIn);
    const Op code = guided ? next_of_handshake(state) : mix_.draw(flavour_, random_);
    if ((kShapes[static_cast<std::size_t>(code)].needs & missing) != 0) continue;
    if (const auto draft = fill(code, state)) return *draft;
  }
}

Op Generator::next_of_handshake(const State& state) {
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
      if (random_.one_in(4)) return Op::GET1_SESSION;
      return random_.one_in(3) ? Op::CONNECTION_FREE : Op::CONNECTION_CLEAR;
    case Stage::kReady:
      break;
  }
  return random_.one_in(4) ? Op::SET_SESSION : Op::HANDSHAKE;
}

std::uint32_t Generator::live_handles(const State& state) {
  std::uint32_t live = 0;
  for (std::size_t handle = 0; handle < kMaxHandles; ++handle) {
    live |= static_cast<std::uint32_t>(state.is_live(state.handles[handle])) << handle;
  }
  return live;
}

std::uint8_t Generator::missing_from(const State& state) const {
  bool context = false;
  bool connection = false;
  bool blob = false;
  for (const ContextState& of : state.contexts) context |= of.application > 0;
  for (const ConnectionState& of : state.connections) connection |= of.alive != 0;
  for (const BlobState& of : state.blobs) blob |= of.written != 0;
  return static_cast<std::uint8_t>((live_ != 0 ? 0 : kNeedsSession) |
                                   (context ? 0 : kNeedsContext) |
                                   (connection ? 0 : kNeedsConnection) | (blob ? 0 : kNeedsBlob));
}

// Caches are about ids: sessions without one are few keys among themselves.
Generator::Wish Generator::wish_for(Op code) {
  switch (code) {
    case Op::SESSION_FREE:
      return Wish::kOwned;
    case Op::CACHE_ADD:
    case Op::CACHE_REMOVE:
      return Wish::kWithId;
    case Op::SET_ID:
      return Wish::kWithoutId;
    case Op::SET_SESSION:
      return Wish::kNegotiated;
    default:
      return Wish::kAny;
  }
}

bool Generator::is_good(Wish wish, std::uint8_t handle, const State& state) const {
  const SessionState& session = state.sessions[state.handles[handle]];
  switch (wish) {
    case Wish::kOwned:
      return session.application > 0;
    case Wish::kWithId:
      return session.contents.id != kEmptyFingerprint;
    case Wish::kWithoutId:
      return session.contents.id == kEmptyFingerprint;
    case Wish::kNegotiated:
      return session.contents.negotiated != 0;
    case Wish::kAny:
      break;
  }
  return true;
}

// The first that is good, from a random one on; a wish that none fulfils is given up, except for
// kOwned, which is a rule.
bool Generator::live_handle(Wish wish, const State& state, std::uint8_t& out) {
  if (live_ == 0) return false;
  const std::uint32_t start = random_.below(kMaxHandles);
  std::uint32_t turned = (live_ | live_ << kMaxHandles) >> start & ((1U << kMaxHandles) - 1);
  const auto first = turned;
  for (; turned != 0; turned &= turned - 1) {
    out = static_cast<std::uint8_t>((start + static_cast<std::uint32_t>(std::countr_zero(turned))) %
                                    kMaxHandles);
    if (is_good(wish, out, state)) return true;
  }
  out = static_cast<std::uint8_t>((start + static_cast<std::uint32_t>(std::countr_zero(first))) %
                                  kMaxHandles);
  return wish != Wish::kOwned;
}

// A handle that may be overwritten without losing the last name of a reference.
bool Generator::assignable_handle(const State& state, std::uint8_t& out) {
  const std::uint32_t start = random_.below(kMaxHandles);
  for (std::uint32_t i = 0; i < kMaxHandles; ++i) {
    out = static_cast<std::uint8_t>((start + i) % kMaxHandles);
    const std::uint8_t number = state.handles[out];
    if ((live_ >> out & 1U) == 0 || state.sessions[number].application == 0 ||
        std::ranges::count(state.handles, number) > 1) {
      return true;
    }
  }
  return false;
}

bool Generator::operand(OperandKind kind, std::uint32_t range, Op code, const State& state,
                        std::uint8_t& out) {
  switch (kind) {
    case OperandKind::kSession:
      return live_handle(random_.one_in(kUnwishedOneIn) ? Wish::kAny : wish_for(code), state, out);
    case OperandKind::kSessionOrNull:
      if (random_.one_in(32)) {
        out = kNullHandle;
        return true;
      }
      return live_handle(wish_for(code), state, out);
    case OperandKind::kContext: {
      out = static_cast<std::uint8_t>(random_.below(kMaxContexts));
      if (state.contexts[out].application > 0) return true;
      out = static_cast<std::uint8_t>(1 - out);
      return state.contexts[out].application > 0;
    }
    case OperandKind::kConnection: {
      out = static_cast<std::uint8_t>(random_.below(kMaxConnections));
      if (state.connections[out].alive != 0) return true;
      out = static_cast<std::uint8_t>(1 - out);
      return state.connections[out].alive != 0;
    }
    case OperandKind::kBlob: {
      out = static_cast<std::uint8_t>(random_.below(kMaxBlobs));
      if (state.blobs[out].written != 0) return true;
      out = static_cast<std::uint8_t>(1 - out);
      return state.blobs[out].written != 0;
    }
    default:
      out = static_cast<std::uint8_t>(random_.low(range));
      return true;
  }
}

bool Generator::result(Result kind, std::uint32_t range, const State& state, std::uint8_t& out) {
  switch (kind) {
    case Result::SESSION:
      return assignable_handle(state, out);
    case Result::CONTEXT:
    case Result::CONNECTION: {
      const std::uint32_t start = random_.below(range);
      for (std::uint32_t i = 0; i < range; ++i) {
        const std::uint32_t place = (start + i) % range;
        const bool taken = kind == Result::CONTEXT ? state.contexts[place].alive()
                                                   : state.connections[place].alive != 0;
        if (taken) continue;
        out = static_cast<std::uint8_t>(place);
        return true;
      }
      return false;
    }
    default:
      out = static_cast<std::uint8_t>(random_.below(range));
      return true;
  }
}

std::optional<Draft> Generator::fill(Op code, const State& state) {
  Draft draft;
  Operation& operation = draft.operation;
  operation.code = code;
  const Shape& shape = kShapes[static_cast<std::size_t>(code)];
  for (std::size_t i = 0; i < shape.operands; ++i) {
    if (!operand(shape.kinds[i], shape.ranges[i], code, state, operation.operand[i])) {
      return std::nullopt;
    }
  }
  // The other end; both are needed, and a handshake is dear enough not to be drawn in vain.
  if (code == Op::HANDSHAKE) {
    operation.operand[1] = static_cast<std::uint8_t>(1 - operation.operand[0]);
    for (const ConnectionState& connection : state.connections) {
      if (connection.alive == 0 || connection.stage != Stage::kReady) return std::nullopt;
    }
  }
  if (shape.result != Result::NONE &&
      !result(shape.result, shape.result_range, state, operation.result)) {
    return std::nullopt;
  }
  if (has_body(operation)) {
    const auto body = draw_body(state);
    if (!body) return std::nullopt;
    draft.body = *body;
  }
  return draft;
}

std::optional<Operation> Generator::draw_body(const State& state) {
  const Op code = kBodies[random_.below(std::size(kBodies))];
  auto draft = fill(code, state);
  if (!draft) {
    if (row(code).operands.empty()) return std::nullopt;
    draft = Draft{};  // no live session now; `arg` will be one when the body runs
    draft->operation.code = code;
    draft->operation.result = 0;
  }
  Operation body = draft->operation;
  body.is_body = 1;
  const bool takes_session = !row(code).operands.empty();
  if (takes_session && code != Op::SESSION_FREE && !random_.one_in(4)) {
    body.operand[0] = kArgumentHandle;
  }
  return body;
}

}  // namespace lastref
