// What the application holds while an operation runs whose ending nobody can foresee, and behind
// it: its references to sessions and contexts, its connections, its variables.
//
// What the library holds is not known then, but all that the application takes and gives back goes
// through its own hands: as the operation itself, in its callbacks and in their bodies. Followed as
// it happens, it says which session may not die, what is left to be given back in the end, and
// whether a body may still run.
#ifndef LASTREF_HARNESS_EXECUTE_HOLDINGS_H_
#define LASTREF_HARNESS_EXECUTE_HOLDINGS_H_

#include <array>
#include <cstdint>
#include <span>

#include "harness/model/event.h"
#include "harness/model/renumbering.h"
#include "harness/model/state.h"
#include "harness/program/operation.h"

namespace lastref {

class Holdings {
 public:
  // A session that was destroyed while the application had references to it.
  struct Loss {
    std::uint8_t session = kNobody;  // kTemporary: it was born in the operation as well
    std::int64_t references = 0;
  };

  // From the state before an operation on. Until rest() nothing else is followed.
  void begin(const State& before);
  void rest() { active_ = false; }
  // When it is false all that follows here does nothing, and answers as for a program that has done
  // nothing wrong.
  bool active() const { return active_; }
  // A new operation, with events and losses of its own.
  void begin_operation() {
    followed_ = 0;
    lost_ = 0;
  }

  // Of the state only what the application holds is kept up to date, and which sessions live.
  const State& state() const { return state_; }
  // False when the application was given what nobody can name.
  bool certain() const { return certain_; }
  std::span<const Loss> losses() const { return {losses_.data(), lost_}; }

  // Whether the application may ask for it now, with `lent` as the session that a callback was
  // given: it exists, it is the application's to give back, and no last name of a reference goes.
  bool may_ask(const Operation& operation, std::uint8_t lent) const;
  // Before the library is called, and behind it; `named` is the session that the variable which the
  // operation assigns has then.
  void ask(const Operation& operation, std::uint8_t lent);
  void answer(const Operation& operation, std::uint8_t lent, std::int64_t result,
              std::uint8_t named);

  // A get callback answers with the session.
  void give(std::uint8_t session) { touch(session); }
  // One reference, taken by or handed to a callback.
  void acquire(std::uint8_t session);
  void release(std::uint8_t session);
  // A callback has put the session into a variable.
  void assign(std::uint8_t handle, std::uint8_t session);
  bool has(std::uint8_t session) const;
  // Whether nothing but the application can have changed the session since begin(), and it has not:
  // what it says of itself is then known.
  bool is_as_before(std::uint8_t session) const {
    return session < kMaxSessions && (as_before_ >> session & 1U) != 0;
  }
  // The session that an operand names; kNobody for none.
  std::uint8_t session_of(std::uint8_t operand, std::uint8_t lent) const;
  // Whether the application has given its last reference to the context back since begin().
  bool has_left(std::uint8_t context) const { return active_ && (left_ >> context & 1U) != 0; }

  // The births and deaths of the operation that were not seen yet.
  void follow(const EventList& events);
  // Behind a handshake, whose events are all followed; they are `settled` now.
  void renumber(const Renumbering& renumbering, const EventList& settled);

 private:
  bool may_use(const Operation& operation, std::size_t position, std::uint8_t lent) const;
  bool may_assign(const Operation& operation, std::uint8_t lent) const;
  bool is_named(std::uint8_t session, int except) const;
  bool keeps_its_key(const Operation& operation, std::uint8_t session) const;
  void decoded_into(const Operation& operation, std::uint8_t named);
  void touch(std::uint8_t session);
  void touch_operands(const Operation& operation, std::uint8_t lent);

  State state_;
  bool active_ = false;
  bool certain_ = true;
  int followed_ = 0;          // events
  std::uint64_t cached_ = 0;  // the sessions that a cache linked at the beginning, a bit each
  std::uint64_t as_before_ = 0;
  std::uint32_t lived_ = 0;   // the contexts that were alive then
  std::uint32_t left_ = 0;    // the contexts that the application has left since
  std::uint8_t decoded_ = 0;  // references to what a d2i_into under way was given
  std::array<Loss, kMaxSessions> losses_{};
  std::size_t lost_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_HOLDINGS_H_
