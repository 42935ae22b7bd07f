// What a Lockstep does behind a handshake: the sessions that are left get their numbers, and what
// the target chose takes the place of the model's symbols.

#include "harness/execute/lockstep.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/model/symbols.h"

namespace lastref {

void Lockstep::settle_handshake(const Operation& operation) {
  const void* const client = performer_.session_of(operation.operand[0]);
  const void* const server = performer_.session_of(operation.operand[1]);
  holdings_.follow(witness_.events());
  const Renumbering renumbering = witness_.settle_handshake(server, client);
  holdings_.renumber(renumbering, witness_.events());
  if ((target_.capabilities & LASTREF_SEES_BLOCKS) == 0) return;
  for (int number = renumbering.first(); number < renumbering.born(); ++number) {
    heap().set_tag(witness_.address(static_cast<std::uint8_t>(number)),
                   static_cast<std::uint32_t>(number));
  }
}

// A session that should be there and is not keeps its symbols; that is told as a missing birth.
void Lockstep::resolve_symbols(int first) {
  for (int i = first; i < state_.born; ++i) {
    const auto number = static_cast<std::uint8_t>(i);
    void* const session = witness_.address(number);
    if (session == nullptr) continue;
    const auto see = [&](std::uint32_t field, Op getter) {
      if (!is_symbol(field)) return;
      const std::uint32_t seen = performer_.bytes_of(getter, session);
      if (seen != 0) resolve(state_, field, seen);
    };
    see(state_.sessions[number].contents.id, Op::GET_ID);
    see(state_.sessions[number].contents.ticket, Op::GET_TICKET);
    see(state_.sessions[number].contents.master_key, Op::GET_MASTER_KEY);
  }
}

}  // namespace lastref
