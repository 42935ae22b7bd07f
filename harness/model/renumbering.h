// The sessions that a handshake leaves behind, numbered anew.
//
// A handshake makes sessions for a time, and in an order, that no manual tells: only those that are
// left count. They take the numbers from `first` on: the server connection's, the client
// connection's, then the others by birth. The model and the witness number by this one rule, and
// write a handshake's events down in one form: births, callbacks as they came, deaths by number.
#ifndef LASTREF_HARNESS_MODEL_RENUMBERING_H_
#define LASTREF_HARNESS_MODEL_RENUMBERING_H_

#include <array>
#include <cstdint>

#include "harness/model/event.h"
#include "harness/model/state.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// In an event: a session that was born and died within one handshake.
inline constexpr std::uint8_t kTemporary = 0xfe;

class Renumbering {
 public:
  // Sessions [first, born) are the handshake's; of them, those of `live` are left. `server` and
  // `client` are the numbers of the connections' sessions, which may be older or kNobody.
  Renumbering(int first, int born, std::uint64_t live, std::uint8_t server, std::uint8_t client);

  // The new number of an old one; kTemporary for a session that is gone. Older sessions, and
  // kNobody, stay as they are.
  std::uint8_t operator()(std::uint8_t number) const {
    return number < first_ || number >= kMaxSessions ? number : number_[number];
  }

  int first() const { return first_; }
  // How many sessions are born, by the new numbers.
  int born() const { return born_; }

  // Brings the events of a handshake into their one form.
  void settle(EventList& events) const;

 private:
  void place(std::uint8_t number);

  int first_;
  int born_;
  std::uint64_t live_;
  std::array<std::uint8_t, kMaxSessions> number_;
};

// Brings the sessions of the state, and all that names them, to their new numbers.
void renumber(State& state, const Renumbering& renumbering);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_RENUMBERING_H_
