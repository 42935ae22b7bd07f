// Tickets: a server's session in the hands of its client (RFC 5077). Sealed in name only: the
// content stands in it as it is, between the name of the key and a check that the key enters.
#ifndef LASTREF_LIB_SESSION_TICKET_H_
#define LASTREF_LIB_SESSION_TICKET_H_

#include "lib/session/bytes.h"
#include "lib/session/content.h"

namespace lr {

using TicketKey = std::array<std::uint8_t, LR_TICKET_KEY_LENGTH>;

// A ticket of this content. False when memory is short or the content too long: then `ticket` is
// not changed.
bool seal_ticket(const TicketKey& key, const Content& content, Block& ticket);

// The content of a ticket. False for one of another key, for bytes that are none, and when memory
// is short: then `content` is not changed.
bool open_ticket(const TicketKey& key, ByteSpan ticket, Content& content);

// The id that a client's session has whose ticket this is: the server has given it none.
SessionId id_of_ticket(ByteSpan ticket);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_TICKET_H_
