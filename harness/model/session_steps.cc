// Steps on sessions: life, setters, getters. Sources: SSL_SESSION_free(3), SSL_SESSION_get_id(3),
// SSL_SESSION_get0_id_context(3), SSL_SESSION_get_time(3), SSL_SESSION_get0_hostname(3).

#include "harness/model/stepper.h"
#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// The application's references to one session; far beyond what a program of kMaxOperations takes.
constexpr std::uint8_t kMaxReferences = 200;

const ByteValue& bytes_of(const Operation& operation) {
  return byte_values(operand_kind(row(operation.code), 1))[operation.operand[1]];
}

bool changes_key(Op code) { return code == Op::SET_ID || code == Op::SET_VERSION; }

// What a handshake resumes a session by.
bool changes_what_is_offered(Op code) {
  return code == Op::SET_ID || code == Op::SET_ID_CONTEXT || code == Op::SET_TICKET ||
         code == Op::SET_MASTER_KEY;
}

}  // namespace

Contents Stepper::new_contents() const {
  Contents contents;
  contents.time = contract_.is(Switch::NEW_TIME, new_time::kNow) ? state_.now : 0;
  contents.timeout = contract_.value(Switch::NEW_TIMEOUT);
  contents.longest = contents.timeout;
  contents.version = contract_.value(Switch::NEW_VERSION);
  contents.id = empty_fingerprint();
  contents.id_context = empty_fingerprint();
  contents.master_key = empty_fingerprint();
  return contents;
}

// One with an id of the program's choice is no more as SSL_SESSION_new left it; an id that is too
// long is refused, and there is no session.
Legality Stepper::session_new(const Operation& operation) {
  if (state_.born >= kMaxSessions) return Legality::kTooMany;
  if (const Legality legality = assignable(operation.result); legality != Legality::kLegal) {
    return legality;
  }
  const bool with_id = operation.code == Op::SESSION_NEW_WITH_ID;
  Contents contents = new_contents();
  if (with_id) {
    const ByteValue& id = byte_values(OperandKind::kId)[operation.operand[0]];
    if (id.size > kMaxIdLength) {
      state_.handles[operation.result] = kNobody;
      expected_.result = kResultNull;
      return Legality::kLegal;
    }
    contents.id = id.fingerprint;
  }
  const Number number = birth(contents);
  session(number).fresh = with_id ? 0 : 1;
  state_.handles[operation.result] = number;
  expected_.result = number;
  return Legality::kLegal;
}

Contents Stepper::duplicated(const Contents& source) const {
  Contents copy = source;
  copy.alias = 0;
  if (contract_.is(Switch::DUP_EX_DATA, dup_ex_data::kAbsent)) copy.ex_data = 0;
  return copy;
}

// "a copy of src. The copy is not owned by any cache that src may have been in."
Legality Stepper::dup(const Operation& operation) {
  Number source = kNobody;
  if (const Legality legality = use(operation.operand[0], source); legality != Legality::kLegal) {
    return legality;
  }
  if (state_.born >= kMaxSessions) return Legality::kTooMany;
  if (const Legality legality = assignable(operation.result); legality != Legality::kLegal) {
    return legality;
  }
  const Number number = birth(duplicated(session(source).contents));
  state_.handles[operation.result] = number;
  expected_.result = number;
  return Legality::kLegal;
}

// CRYPTO_get_ex_new_index(3): "If the dup_func() returns 0 the whole CRYPTO_dup_ex_data() will
// fail", and with it the dup, which leaves neither a session nor anything of its own.
Legality Stepper::dup_refused(const Operation& operation) {
  Number source = kNobody;
  if (const Legality legality = use(operation.operand[0], source); legality != Legality::kLegal) {
    return legality;
  }
  expected_.result = 1;
  return Legality::kLegal;
}

Legality Stepper::up_ref(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  SessionState& held = session(number);
  if (held.application >= kMaxReferences) return Legality::kTooMany;
  // A reference to a callback's argument needs a variable that names it afterwards.
  if (operation.operand[0] == kArgumentHandle && !named_elsewhere(number, -1)) {
    return Legality::kLosesReference;
  }
  ++held.application;
  held.acquired = 1;
  held.fresh = 0;
  expected_.result = 1;
  return Legality::kLegal;
}

Legality Stepper::keep(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  SessionState& held = session(number);
  if (held.application >= kMaxReferences) return Legality::kTooMany;
  if (const Legality legality = assignable(operation.result, number);
      legality != Legality::kLegal) {
    return legality;
  }
  ++held.application;
  held.acquired = 1;
  held.fresh = 0;
  state_.handles[operation.result] = number;
  expected_.result = number;
  return Legality::kLegal;
}

// "must only be called for SSL_SESSION objects, for which the reference count was explicitly
// incremented"; "If session is NULL nothing is done". The handle keeps its value, as in C.
Legality Stepper::free(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = session_operand(operation.operand[0], number);
      legality != Legality::kLegal) {
    return legality;
  }
  expected_.result = 0;
  if (number == kNobody) return Legality::kLegal;
  SessionState& held = session(number);
  if (held.application == 0) {
    return held.acquired != 0 ? Legality::kDoubleFree : Legality::kBorrowedFree;
  }
  --held.application;
  settle(number);
  return Legality::kLegal;
}

// Pure bookkeeping: the variable is set to NULL. A program that loses its last name of a reference
// so is a leak by misuse.
Legality Stepper::forget(const Operation& operation) {
  if (operation.operand[0] >= kMaxHandles) return Legality::kNoObject;
  if (const Legality legality = assignable(operation.operand[0]); legality != Legality::kLegal) {
    return legality;
  }
  state_.handles[operation.operand[0]] = kNobody;
  expected_.result = 0;
  return Legality::kLegal;
}

// Whether the setter may be called, and on which session.
Legality Stepper::set(const Operation& operation, Number& number) const {
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  if (const Legality legality = changeable(number); legality != Legality::kLegal) return legality;
  if (!changes_key(operation.code) || !in_a_cache(number)) return Legality::kLegal;
  if (contract_.is(Switch::CACHED_KEY, cached_key::kFixed)) return Legality::kFixedKey;
  return hazard(Hazard::REKEY_CACHED) ? Legality::kHazard : Legality::kLegal;
}

Legality Stepper::set_bytes(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = set(operation, number); legality != Legality::kLegal) {
    return legality;
  }
  SessionState& target = session(number);
  target.fresh = 0;
  const ByteValue& value = bytes_of(operation);
  // A copy still has all that it came with.
  if (changes_what_is_offered(operation.code) && !unseen()) target.contents.negotiated = 0;
  // Empty ALPN and application data are none at all; a hostname of no letters is one.
  const std::uint32_t or_none = value.size == 0 ? 0 : value.fingerprint;
  expected_.result = 1;
  Contents& contents = target.contents;
  switch (operation.code) {
    case Op::SET_ID:
      if (value.size > kMaxIdLength) {
        expected_.result = 0;
      } else {
        contents.id = value.fingerprint;
      }
      break;
    case Op::SET_ID_CONTEXT:
      if (value.size > kMaxIdContextLength) {
        expected_.result = 0;
      } else {
        contents.id_context = value.fingerprint;
      }
      break;
    case Op::SET_MASTER_KEY:
      if (value.size > contract_.value(Switch::MASTER_KEY_LIMIT)) {
        expected_.result = 0;
      } else {
        contents.master_key = value.fingerprint;
      }
      break;
    case Op::SET_HOSTNAME:
      contents.hostname = value.fingerprint;
      break;
    case Op::SET_ALPN:
      contents.alpn = or_none;
      break;
    case Op::SET_TICKET:
      contents.ticket = or_none;
      break;
    default:
      contents.appdata = or_none;
      break;
  }
  return Legality::kLegal;
}

Legality Stepper::set_number(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = set(operation, number); legality != Legality::kLegal) {
    return legality;
  }
  SessionState& target = session(number);
  std::int64_t value = number_of(operation);
  if (operation.code == Op::SET_TIME && value < 0 && hazard(Hazard::TIME_BEFORE_EPOCH)) {
    return Legality::kHazard;
  }
  if (operation.code == Op::SET_EX_DATA && target.contents.table_ex_data != 0 &&
      hazard(Hazard::EX_DATA_IN_TABLE)) {
    return Legality::kHazard;
  }
  target.fresh = 0;
  expected_.result = 1;
  Contents& contents = target.contents;
  switch (operation.code) {
    case Op::SET_TIME:
      contents.time = value;
      if (hazard(Hazard::SET_TIME_RETURNS_TIME) ||
          contract_.is(Switch::SET_TIME_RESULT, set_time_result::kTime)) {
        expected_.result = value;
      }
      resort(number);
      break;
    case Op::SET_TIMEOUT:
      value = timeout_of(operation);
      if (value < 0 && contract_.is(Switch::NEGATIVE_TIMEOUT, negative_timeout::kRefused)) {
        expected_.result = 0;
        break;
      }
      if (value < 0 && contract_.is(Switch::NEGATIVE_TIMEOUT, negative_timeout::kZero)) value = 0;
      if (hazard(Hazard::TIMEOUT_TRUNCATED)) value = static_cast<std::uint32_t>(value);
      contents.timeout = value;
      contents.longest = value;
      resort(number);
      break;
    case Op::SET_EX_DATA:
      contents.ex_data = static_cast<std::uint8_t>(value);
      break;
    default:
      contents.version = static_cast<std::int32_t>(value);
      contents.negotiated = 0;
      break;
  }
  return Legality::kLegal;
}

Legality Stepper::get(const Operation& operation) {
  Number number = kNobody;
  if (const Legality legality = use(operation.operand[0], number); legality != Legality::kLegal) {
    return legality;
  }
  const Contents& contents = session(number).contents;
  switch (operation.code) {
    case Op::GET_ID:
      expected_.result = contents.id;
      break;
    case Op::GET_ID_CONTEXT:
      expected_.result = hazard(Hazard::ID_CONTEXT_IS_ID) ? contents.id : contents.id_context;
      break;
    case Op::GET_TIME:
      expected_.result = contents.time;
      break;
    case Op::GET_TIMEOUT:
      expected_.result = contents.timeout;
      break;
    case Op::GET_HOSTNAME:
      expected_.result = contents.hostname;
      break;
    case Op::GET_ALPN:
      expected_.result = contents.alpn;
      break;
    case Op::GET_TICKET:
      expected_.result = contents.ticket;
      expected_.any_result = contents.unknown != 0;
      break;
    case Op::GET_APPDATA:
      expected_.result = contents.appdata;
      expected_.any_result = contents.unknown != 0;
      break;
    case Op::GET_MASTER_KEY:
      expected_.result = contents.master_key;
      expected_.any_result = contents.unknown != 0;
      break;
    case Op::GET_EX_DATA:
      expected_.result = contents.ex_data;
      break;
    case Op::GET_VERSION:
      expected_.result = contents.version;
      break;
    case Op::HAS_TICKET:
      expected_.result = contents.ticket != 0 ? 1 : 0;
      expected_.any_result = contents.unknown != 0;
      break;
    default:
      expected_.result = resumable(contents) ? 1 : 0;
      expected_.any_result = contents.unknown != 0;
      break;
  }
  // What a handshake made, and no getter that the target has has shown.
  const bool symbolic = is_symbol(static_cast<std::uint32_t>(expected_.result));
  const bool bytes = operation.code == Op::GET_ID || operation.code == Op::GET_ID_CONTEXT ||
                     operation.code == Op::GET_TICKET || operation.code == Op::GET_MASTER_KEY;
  if (bytes && symbolic) expected_.any_result = true;
  return Legality::kLegal;
}

}  // namespace lastref
