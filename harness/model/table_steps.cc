// Steps on the cache of a library that copies sessions into one table of the process. Sources:
// SSL_CTX_add_session(3), and the manual of wolfSSL, wolfSSL_get_session() and
// wolfSSL_flush_sessions().
//
// Which copies the table holds shows in the result of a removal, and in what a server resumes. The
// state has the contents of each as they were, under the id and the side of the session then.

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

bool of_client(const Contents& contents) {
  return contents.negotiated != 0 && contents.of_server == 0;
}

bool same_copy(const CopyState& copy, const Contents& contents) {
  return same_place(copy, contents) && copy.of_client == (of_client(contents) ? 1 : 0);
}

}  // namespace

bool same_place(const CopyState& copy, const Contents& contents) {
  if (contents.alias != 0) return copy.contents.alias == contents.alias;
  return copy.contents.alias == 0 && copy.contents.id == contents.id;
}

int Stepper::copy_of(const Contents& contents) const {
  for (int i = 0; i < state_.copied; ++i) {
    if (same_copy(state_.copies[static_cast<std::size_t>(i)], contents)) return i;
  }
  return -1;
}

bool Stepper::can_store(const Contents& contents) const {
  return state_.copied < kMaxCopies || copy_of(contents) >= 0;
}

bool Stepper::shares_ex_data() const {
  if (!hazard(Hazard::EX_DATA_IN_TABLE)) return false;
  for (int i = 0; i < state_.born; ++i) {
    const auto number = static_cast<Number>(i);
    if (state_.is_live(number) && session(number).contents.table_ex_data != 0) return true;
  }
  return false;
}

// A copy that is written again keeps its place.
void Stepper::store(const Contents& contents) {
  ++state_.stored;
  const int found = copy_of(contents);
  CopyState& copy = state_.copies[static_cast<std::size_t>(found < 0 ? state_.copied++ : found)];
  if (found < 0) copy.place = state_.stored;
  copy.of_client = of_client(contents) ? 1 : 0;
  copy.contents = contents;
}

// Nothing holds the session in the end, and its id is a key of the table. That a mode keeps
// handshakes from storing does not forbid it: "the application can add them manually",
// SSL_CTX_set_session_cache_mode(3).
Legality Stepper::add_copy(const Operation& operation, Number added) {
  SessionState& adding = session(added);
  const Contents& contents = adding.contents;
  const bool empty = contents.id == empty_fingerprint() && contents.alias == 0;
  if (empty && hazard(Hazard::EMPTY_ID_CACHED)) return Legality::kHazard;
  const ContextState& context = state_.contexts[operation.operand[0]];
  if (hazard(Hazard::EX_DATA_IN_TABLE) &&
      (context.on_remove != kOnRemoveOff || (contents.negotiated != 0 && contents.ex_data != 0))) {
    return Legality::kHazard;
  }
  // Damaged bytes may name another id than the one that is shown, and there is one to store it
  // under.
  if (empty && contents.unknown != 0) return Legality::kTooMany;
  if (!can_store(contents)) return Legality::kTooMany;
  adding.fresh = 0;
  if (empty && contract_.is(Switch::EMPTY_ID_ADD, empty_id_add::kRefused)) {
    expected_.result = 0;
    return Legality::kLegal;
  }
  store(contents);
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
  for (int i = state_.copied - 1; i >= 0 && internal; --i) {
    CopyState& copy = state_.copies[static_cast<std::size_t>(i)];
    if (!same_place(copy, asked.contents)) continue;
    found = true;
    if (hazard(Hazard::REMOVE_KEEPS_COPY)) continue;
    copy = state_.copies[static_cast<std::size_t>(--state_.copied)];
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
