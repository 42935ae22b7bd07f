// Steps on the cache of a library that copies sessions into one table of the process. Sources:
// SSL_CTX_add_session(3), and the manual of wolfSSL, wolfSSL_get_session() and
// wolfSSL_flush_sessions().
//
// Which copies the table holds shows in nothing but the result of a removal, until a handshake
// looks one up. So the state says it of the session that was copied, by the id it had then. No
// cache of a context links a session of such a library, so that the first cache's key is free for
// that id.

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::size_t kTableKey = 0;

}  // namespace

// Nothing holds the session in the end, and its id is a key of the table. A context whose mode has
// no internal store leaves the table alone; that it did cannot be seen from here.
Legality Stepper::add_copy(const Operation& operation, Number added) {
  SessionState& adding = session(added);
  const bool empty = adding.contents.id == empty_fingerprint();
  if (empty && hazard(Hazard::EMPTY_ID_CACHED)) return Legality::kHazard;
  const ContextState& context = state_.contexts[operation.operand[0]];
  if (context.on_remove != kOnRemoveOff && hazard(Hazard::EX_DATA_IN_TABLE)) {
    return Legality::kHazard;
  }
  adding.fresh = 0;
  if (empty && contract_.is(Switch::EMPTY_ID_ADD, empty_id_add::kRefused)) {
    expected_.result = 0;
    return Legality::kLegal;
  }
  if ((context.mode & kModeNoInternalStore) == 0) {
    adding.copied = 1;
    adding.key_id[kTableKey] = adding.contents.id;
  }
  expected_.result = 1;
  return Legality::kLegal;
}

// Whichever session the copy was made of, and of whichever context: the table is of the process.
Legality Stepper::remove_copy(const Operation& operation, Number argument) {
  const std::uint8_t number = operation.operand[0];
  SessionState& asked = session(argument);
  asked.fresh = 0;
  const bool internal = (state_.contexts[number].mode & kModeNoInternalStore) == 0;
  bool found = false;
  for (int i = 0; i < state_.born && internal; ++i) {
    SessionState& other = session(static_cast<Number>(i));
    if (other.copied == 0 || other.key_id[kTableKey] != asked.contents.id) continue;
    other.copied = 0;
    found = true;
  }
  expected_.result = found && !hazard(Hazard::REMOVE_RETURNS_ZERO) ? 1 : 0;
  if (internal && (found || hazard(Hazard::REMOVE_MARKS_STRANGER))) mark_removed(asked);
  if (!found && !hazard(Hazard::REMOVE_CALLBACK_ALWAYS)) return Legality::kLegal;
  return callback(number, argument);
}

void Stepper::mark_removed(SessionState& removed) const {
  if (contract_.is(Switch::REMOVE_MARKS, remove_marks::kYes)) removed.contents.marked = 1;
  if (contract_.is(Switch::REMOVE_MARKS, remove_marks::kExpires)) removed.contents.timeout = 0;
}

}  // namespace lastref
