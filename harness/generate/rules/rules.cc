#include "harness/generate/rules/rules.h"

#include "harness/generate/rules/body_rules.h"
#include "harness/program/values.h"

namespace lastref::rules {
namespace {

// Each operand alone: what must be alive, held or written.
std::string_view operands(const World& world, const Operation& operation) {
  const OperationRow& of = row(operation.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const std::uint8_t operand = operation.operand[i];
    switch (operand_kind(of, i)) {
      case OperandKind::kSession:
      case OperandKind::kSessionOrNull: {
        const int session = world.named(operand);
        if (session == kNone) {
          if (operand_kind(of, i) == OperandKind::kSession) return kSessionIsNull;
        } else if (!world.session(session).alive()) {
          return kSessionIsDead;
        }
        break;
      }
      case OperandKind::kContext:
        if (world.contexts[operand].application == 0) return kContextNotHeld;
        break;
      case OperandKind::kConnection:
        if (!world.connections[operand].alive) return kConnectionIsDead;
        break;
      case OperandKind::kBlob:
        if (!world.blobs[operand].written) return kBlobNotWritten;
        break;
      default:
        break;
    }
  }
  return {};
}

// A handle is about to point to `becomes`.
std::string_view assignment(const World& world, std::uint8_t handle, int becomes) {
  const int before = world.handles[handle];
  if (before == kNone || before == becomes) return {};
  if (world.session(before).application == 0) return {};
  return world.has_name(before, handle) ? std::string_view() : kNameLost;
}

std::string_view birth(const World& world) {
  return world.sessions.size() < kMaxSessions ? std::string_view() : kTooManySessions;
}

std::string_view one_more(const World& world, int session) {
  if (session == kNone) return {};
  return world.session(session).references() < kMaxReferences ? std::string_view()
                                                              : kTooManyReferences;
}

std::string_view either(std::string_view first, std::string_view second) {
  return first.empty() ? second : first;
}

// The one context that a session belongs to, for add and remove.
std::string_view one_context(const World& world, const Operation& operation) {
  if (!world.contract.is(Switch::ONE_CONTEXT, one_context::kRequired)) return {};
  const int context = operation.operand[0];
  const int session = world.named(operation.operand[1]);
  const int bound_to = world.session(session).bound_to;
  if (bound_to != kNone && bound_to != context) return kAddedToAnother;
  if (operation.code == Op::CACHE_REMOVE) return {};
  for (const Connection& connection : world.connections) {
    if (connection.alive && connection.session == session && connection.made_from != context) {
      return kHeldByAnothersConnection;
    }
  }
  return {};
}

bool has_entries(const World& world) {
  return world.contract.is(Switch::CACHE_ADDS, cache_adds::kEntry);
}

// Entries of a cache and the id that is added beside them.
Objection entry(const World& world, const Operation& operation) {
  const Context& of = world.contexts[operation.operand[0]];
  const auto& id = world.session(world.named(operation.operand[1])).contents.id;
  if (of.entries.size() >= kMaxEntries) return {kTooManyEntries};
  if (!world.contract.hazards.has(Hazard::PREFIX_ID)) return {};
  for (const Entry& other : of.entries) {
    if (!id || !other.contents.id) return {kUnknownId, true};
    if (*id != *other.contents.id && id->starts_with(*other.contents.id)) {
      return {kBeginsWithCached};
    }
  }
  return {};
}

Objection caching(const World& world, const Operation& operation) {
  const int session = world.named(operation.operand[1]);
  std::string_view broken = one_context(world, operation);
  if (operation.code == Op::CACHE_ADD) {
    broken = either(broken, one_more(world, session));
    if (world.contract.hazards.has(Hazard::EX_DATA_IN_TABLE) &&
        world.contexts[operation.operand[0]].on_remove != kOnRemoveOff) {
      broken = either(broken, kAddedWithCallback);
    }
  }
  if (!broken.empty()) return {broken};
  if (operation.code == Op::CACHE_ADD && world.contract.hazards.has(Hazard::TWO_CACHES)) {
    const int elsewhere = world.session(session).caches -
                          (world.contexts[operation.operand[0]].links(session) ? 1 : 0);
    if (elsewhere > 0) return {kInTwoCaches};
  }
  if (world.contract.hazards.has(Hazard::EMPTY_ID_CACHED)) {
    const auto& id = world.session(session).contents.id;
    if (!id) return {kUnknownId, true};
    if (id->empty()) return {kEmptyId};
  }
  if (operation.code == Op::CACHE_ADD) return entry(world, operation);
  return {};
}

std::string_view setter(const World& world, const Operation& operation) {
  const Hazards& hazards = world.contract.hazards;
  if (operation.code == Op::SET_TIME && hazards.has(Hazard::TIME_BEFORE_EPOCH) &&
      number_values(OperandKind::kTime)[operation.operand[1]].value < 0) {
    return kBeforeEpoch;
  }
  if (world.session(world.named(operation.operand[0])).caches == 0) return {};
  if (operation.is_body == 1) return kSetInCacheInBody;
  const bool rekeys = operation.code == Op::SET_ID || operation.code == Op::SET_VERSION;
  if (!rekeys) return {};
  if (world.contract.is(Switch::CACHED_KEY, cached_key::kFixed)) return kFixedKey;
  return hazards.has(Hazard::REKEY_CACHED) ? kRekeyed : std::string_view();
}

std::string_view set_session(const World& world, const Operation& operation) {
  const int session = world.named(operation.operand[1]);
  const Connection& connection = world.connections[operation.operand[0]];
  const bool late = connection.stage != Stage::kReady;
  if (late && world.contract.is(Switch::SET_SESSION_LATE, set_session_late::kUndefined)) {
    return kSetLate;
  }
  if (session == kNone) return {};
  if (world.contract.is(Switch::ONE_CONTEXT, one_context::kRequired)) {
    const int bound_to = world.session(session).bound_to;
    if (bound_to != kNone && bound_to != connection.made_from) return kSetOnAnothersConnection;
  }
  const Session& setting = world.session(session);
  if (has_bad_session(world, connection) && session != connection.session &&
      setting.references() == setting.caches) {
    return kOnlyCached;
  }
  return one_more(world, session);
}

// The context that a servername callback leads the connection to, or kNone.
int named_context(const World& world, const Connection& connection) {
  const auto& contexts = world.contexts;
  const int named = contexts[static_cast<std::size_t>(connection.context)].named;
  return named != kNone ? named : contexts[static_cast<std::size_t>(connection.made_from)].named;
}

// A context must not end in a callback of its own, which all that use it may leave.
std::string_view switching(const World& world, const Connection& connection) {
  const int named = named_context(world, connection);
  if (named == kGone) return kNamedContextGone;
  if (named == kNone || named == connection.context) return {};
  const Context& left = world.contexts[static_cast<std::size_t>(connection.context)];
  return left.application == 0 && left.connections <= kMaxConnections ? kFreedFromInside
                                                                      : std::string_view();
}

std::string_view handshake(const World& world, const Operation& operation) {
  if (operation.operand[0] == operation.operand[1]) return kOneEnd;
  for (const std::uint8_t end : {operation.operand[0], operation.operand[1]}) {
    const Connection& connection = world.connections[end];
    if (connection.stage != Stage::kReady) return kNotReady;
    const auto made_from = static_cast<std::size_t>(connection.made_from);
    if (world.contexts[made_from].on_remove == kOnRemoveDo) return kBodyInHandshake;
  }
  if (world.sessions.size() + kMaxHandshakeBirths > kMaxSessions) return kTooManySessions;
  std::string_view broken;
  if (operation.operand[2] != kStopRefused) {
    broken = switching(world, world.connections[operation.operand[1]]);
  }
  if (world.contract.hazards.has(Hazard::CLIENT_NAMED)) {
    broken = either(broken, switching(world, world.connections[operation.operand[0]]));
  }
  return broken;
}

std::string_view shutdown(const Connection& connection) {
  if (connection.given_late) return kShutAfterSet;
  return connection.stage == Stage::kEstablished && !connection.shut_down ? std::string_view()
                                                                          : kNotEstablished;
}

std::string_view asking(const World& world, const Connection& connection) {
  const bool in_handshake = connection.stage == Stage::kBegun;
  const bool undefined =
      world.contract.is(Switch::SESSION_IN_HANDSHAKE, session_in_handshake::kUndefined);
  return in_handshake && undefined ? kAskedInHandshake : std::string_view();
}

bool decodes_damage(const World& world, const Operation& operation) {
  switch (operation.code) {
    case Op::D2I:
    case Op::D2I_FRESH:
      return world.blobs[operation.operand[0]].damaged;
    case Op::D2I_INTO:
      return world.blobs[operation.operand[1]].damaged;
    default:
      return false;
  }
}

// The rules of one operation whose operands are all right.
Objection own_rules(const World& world, const Operation& operation) {
  const std::uint8_t first = operation.operand[0];
  if (operation.is_body == 1 && decodes_damage(world, operation)) return {kDamageInBody};
  switch (operation.code) {
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
    case Op::SESSION_DUP:
    case Op::D2I:
    case Op::D2I_FRESH:
      return {either(assignment(world, operation.result, kNone), birth(world))};
    case Op::I2D_ALLOCATE:
      if (world.contract.hazards.has(Hazard::I2D_ALLOCATE)) return {kAllocatingEncode};
      return {};
    case Op::D2I_INTO:
      if (!world.session(world.named(first)).fresh) return {kNotFresh};
      if (world.contract.hazards.has(Hazard::D2I_INTO_LEAKS)) return {kDecodedInto};
      return {birth(world)};
    case Op::SESSION_UP_REF: {
      const int session = world.named(first);
      // A callback's argument may be a session that no handle points to.
      if (!world.has_name(session)) return {kNameLost};
      return {one_more(world, session)};
    }
    case Op::SESSION_FREE: {
      const int session = world.named(first);
      if (session != kNone && world.session(session).application == 0) return {kNothingToFree};
      return {};
    }
    case Op::SESSION_KEEP: {
      const int session = world.named(first);
      return {either(assignment(world, operation.result, session), one_more(world, session))};
    }
    case Op::SESSION_FORGET:
      if (first >= kMaxHandles) return {};
      return {assignment(world, first, kNone)};
    case Op::GET0_SESSION:
      return {either(asking(world, world.connections[first]),
                     assignment(world, operation.result, world.connections[first].session))};
    case Op::GET1_SESSION: {
      const int session = world.connections[first].session;
      if (const auto broken = asking(world, world.connections[first]); !broken.empty()) {
        return {broken};
      }
      return {either(assignment(world, operation.result, session), one_more(world, session))};
    }
    case Op::IN_NEW:
    case Op::IN_GET:
    case Op::IN_SERVERNAME:
      return has_body(operation) ? Objection{kActsInHandshake, true} : Objection{};
    case Op::COPY_SESSION:
      if (!world.contract.is(Switch::SET_SESSION, set_session::kUnseen)) return {kNothingToCopy};
      return {either(assignment(world, operation.result, kNone), birth(world))};
    case Op::SET_SESSION:
      return {set_session(world, operation)};
    case Op::CACHE_FLUSH:
      if (has_entries(world)) return {kEntriesStay};
      return {};
    case Op::CACHE_REMOVE:
      if (has_entries(world)) return {kEntriesStay};
      [[fallthrough]];
    case Op::CACHE_ADD:
      return caching(world, operation);
    case Op::REMOVE_OWN:
    case Op::CACHE_LOOKUP:
      if (!has_entries(world)) return {kNoEntries};
      return {};
    case Op::CONTEXT_NEW:
      if (world.contexts[operation.result].alive) return {kContextSlotTaken};
      return {};
    case Op::CONTEXT_FREE: {
      const Context& context = world.contexts[first];
      const bool last = context.application == 1 && context.connections == 0;
      if (last && context.running > 0) return {kFreedFromInside};
      return {};
    }
    case Op::CONNECTION_NEW:
      if (world.connections[operation.result].alive) return {kConnectionSlotTaken};
      return {world.contract.is(Switch::FRESH_SESSION, fresh_session::kOwn) ? birth(world)
                                                                            : std::string_view()};
    case Op::CONNECTION_CLEAR:
      return {world.contract.is(Switch::CLEAR_SESSION, clear_session::kRenews)
                  ? birth(world)
                  : std::string_view()};
    case Op::HANDSHAKE:
      return {handshake(world, operation)};
    case Op::SHUTDOWN:
      return {shutdown(world.connections[first])};
    case Op::SET_CONTEXT:
      return {world.connections[first].stage == Stage::kReady ? std::string_view() : kNotReady};
    default:
      if (is_setter(operation.code)) return {setter(world, operation)};
      if (is_getter(operation.code) && operation.is_body == 1) {
        const Session& session = world.session(world.named(first));
        if (!knows_answer(session.contents, operation.code)) return {kUnknownInBody};
      }
      return {};
  }
}

}  // namespace

Objection objection(const World& world, const Operation& operation) {
  const std::string_view broken = operands(world, operation);
  return broken.empty() ? own_rules(world, operation) : Objection{broken};
}

}  // namespace lastref::rules
