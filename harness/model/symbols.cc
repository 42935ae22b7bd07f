#include "harness/model/symbols.h"

namespace lastref {
namespace {

void resolve(Contents& contents, std::uint32_t symbol, std::uint32_t fingerprint) {
  for (std::uint32_t* field : {&contents.id, &contents.ticket, &contents.master_key}) {
    if (*field == symbol) *field = fingerprint;
  }
}

}  // namespace

void resolve(State& state, std::uint32_t symbol, std::uint32_t fingerprint) {
  for (int number = 0; number < state.born; ++number) {
    SessionState& session = state.sessions[static_cast<std::size_t>(number)];
    resolve(session.contents, symbol, fingerprint);
    for (std::uint32_t& key : session.key_id) {
      if (key == symbol) key = fingerprint;
    }
  }
  for (int number = 0; number < state.issued; ++number) {
    TicketState& ticket = state.tickets[static_cast<std::size_t>(number)];
    resolve(ticket.contents, symbol, fingerprint);
    if (ticket.value == symbol) ticket.value = fingerprint;
  }
  for (int number = 0; number < state.copied; ++number) {
    resolve(state.copies[static_cast<std::size_t>(number)].contents, symbol, fingerprint);
  }
  for (std::size_t of = 0; of < kMaxContexts; ++of) {
    if (state.contexts[of].has_entries == 0) continue;
    for (std::size_t i = 0; i < state.contexts[of].count; ++i) {
      resolve(state.entries[of][i].contents, symbol, fingerprint);
    }
  }
  for (std::size_t of = 0; of < kMaxConnections; ++of) {
    if (state.connections[of].offers != 0) resolve(state.own[of].offered, symbol, fingerprint);
    if (state.connections[of].holds != 0) resolve(state.own[of].held, symbol, fingerprint);
  }
  for (BlobState& blob : state.blobs) {
    if (blob.written != 0) resolve(blob.contents, symbol, fingerprint);
  }
}

}  // namespace lastref
