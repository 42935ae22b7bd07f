// The ownership state: who holds what, and what everybody may see of it.
//
// Small, trivially copyable, no pointers: a search copies it, hashes it and goes back to it.
// Sessions are numbered by birth and a number is never used again in a program.
#ifndef LASTREF_HARNESS_MODEL_STATE_H_
#define LASTREF_HARNESS_MODEL_STATE_H_

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include "harness/program/operation.h"
#include "harness/program/values.h"
#include "harness/vocabulary/contract.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

inline constexpr std::uint8_t kNobody = 0xff;  // no session, no context
inline constexpr std::uint8_t kGone = 0xfe;    // a context that a callback still points to

// What a session says of itself: what a dup copies and an encoding carries. Bytes are kept as
// fingerprints (harness/program/values.h).
struct Contents {
  std::int64_t time = 0;
  std::int64_t timeout = 0;
  std::int64_t longest = 0;  // the timeout that a renewal does not go beyond
  std::uint32_t id = 0;
  std::uint32_t id_context = 0;
  std::uint32_t hostname = 0;
  std::uint32_t alpn = 0;
  std::uint32_t ticket = 0;
  std::uint32_t appdata = 0;
  std::uint32_t master_key = 0;
  std::int32_t version = 0;
  std::uint8_t marked = 0;   // not resumable whatever else it has
  std::uint8_t ex_data = 0;  // the token
  // 1: damaged bytes were decoded into it, or its handshake did not finish, so that ticket, appdata
  // and master key are not known and an encoding may fail.
  std::uint8_t unknown = 0;
  // 1: as a handshake made it, in all that another handshake needs to resume it.
  std::uint8_t negotiated = 0;
  std::uint8_t of_server = 0;      // 1: a server's side of a handshake made it
  std::uint8_t table_ex_data = 0;  // 1: its ex_data is that of its copy, see table_steps.cc
  // The number of the id that a table of the process has it under, where that is not its own; 0 for
  // none. See own_ticket_steps.cc.
  std::uint8_t alias = 0;

  friend bool operator==(const Contents&, const Contents&) = default;
};

struct SessionState {
  Contents contents;
  // The key under which each context's cache holds it: as it was when it was added there.
  std::array<std::uint32_t, kMaxContexts> key_id{};
  std::array<std::int32_t, kMaxContexts> key_version{};
  std::uint8_t application = 0;  // references of the application: acquired and not yet released
  std::uint8_t connections = 0;  // references of connections
  std::uint8_t caches = 0;       // the contexts whose caches link it, a bit each
  std::uint8_t home =
      kNobody;  // the one context that it may be used with: whose cache it was added to
  std::uint8_t in_flight = 0;  // the library's own for the length of a call: unlinked and about
                               // to be released, or about to be linked
  std::uint8_t fresh = 0;      // as SSL_SESSION_new left it
  std::uint8_t acquired = 0;   // the application has acquired it at least once

  bool cached() const { return caches != 0; }
  bool cached_by(std::uint8_t context) const { return (caches >> context & 1U) != 0; }
  // Not by popcount, which is a call of the compiler's library where the processor may lack it.
  int holders() const {
    static_assert(kMaxContexts == 2);
    return application + connections + in_flight + (caches & 1) + (caches >> 1);
  }
};

// A copy of a session in a context's own cache; see entry_steps.cc.
struct CacheEntry {
  Contents contents;
  std::int64_t since = 0;  // when it was filled
};

// What a context was told of tickets. Where clients take them only when told to, one that was told
// nothing gives them, as a server, to clients that ask.
inline constexpr std::uint8_t kTicketsOff = 0;
inline constexpr std::uint8_t kTicketsOn = 1;
inline constexpr std::uint8_t kTicketsUnasked = 2;
inline std::uint8_t tickets_at_birth(const Contract& contract) {
  return contract.is(Switch::TICKETS, tickets::kTaken) ? kTicketsOn : kTicketsUnasked;
}

// In seconds, of a context that was told of no timeout, where that is not the timeout itself.
inline constexpr std::int64_t kTicketHint = 300;

// A callback that runs in a handshake.
enum class Inside : std::uint8_t { kNew, kGet, kServername };
// The one that an operation of is_inside() is about.
inline Inside callback_of(Op code) {
  if (code == Op::IN_NEW) return Inside::kNew;
  return code == Op::IN_GET ? Inside::kGet : Inside::kServername;
}

struct ContextState {
  std::int64_t cache_size = 0;
  std::int64_t timeout = 0;
  std::int64_t ticket_hint = kTicketHint;  // how long its tickets are good, as it tells clients
  std::int64_t mode = 0;
  std::int64_t cache_full = 0;  // this one and the next four: since the program began
  std::int64_t hits = 0;
  std::int64_t misses = 0;
  std::int64_t timeouts = 0;
  std::int64_t callback_hits = 0;
  std::uint32_t id_context = 0;  // this one and the next two: for connections still to be made
  std::int32_t protocol = 0;     // the highest
  std::uint8_t tickets = kTicketsOn;
  std::uint32_t ticket_key = 0;
  std::uint8_t application = 0;  // references of the application
  std::uint8_t connections = 0;  // references of connections, two for each that was made from it
  std::uint8_t on_new = 0;       // indices into the pools of callbacks
  std::uint8_t on_get = 0;
  std::uint8_t on_remove = 0;
  // The context that its servername callback switches to; kNobody: it has no callback.
  std::uint8_t on_servername = kNobody;
  // It linked a session that another context's cache linked too. A library that does not stand that
  // may show it long after both have let go.
  std::uint8_t shared = 0;
  std::uint8_t count = 0;  // sessions linked, or entries
  // 1: its cache has entries, State::entries. They leave it at its end only.
  std::uint8_t has_entries = 0;
  // Sessions linked, the next to be evicted last.
  std::array<std::uint8_t, kMaxSessions> order{};
  Operation body;  // of the remove callback, when on_remove is kOnRemoveDo
  // What its callbacks of handshakes do before they answer, by Inside; a bit each for those that
  // do something.
  std::uint8_t acting = 0;
  std::array<Operation, 3> inside{};

  bool acts(Inside callback) const { return (acting >> static_cast<int>(callback) & 1) != 0; }
  bool alive() const { return application + connections > 0; }
};

// How far a connection has come. One that has begun to shake hands and did not finish is good for
// nothing but to be cleared and freed.
enum class Stage : std::uint8_t { kReady, kBegun, kEstablished };

// Values of ConnectionState::shut_down but for 0, which says that it is open.
inline constexpr std::uint8_t kShutDown = 1;
inline constexpr std::uint8_t kShutDownQuietly = 2;

// What a connection was set up to offer, where that is decided when a session is set: nothing, what
// it has then, or something that no handshake can be made of.
enum class Offer : std::uint8_t { kNone, kSession, kUnknown };

struct ConnectionState {
  std::uint8_t alive = 0;
  std::uint8_t session = kNobody;
  std::uint8_t context = kNobody;          // what SSL_get_SSL_CTX says
  std::uint8_t session_context = kNobody;  // what it was made from
  Stage stage = Stage::kReady;
  std::uint8_t shut_down = 0;   // it has said that it closes, or has not to
  std::uint8_t replaced = 0;    // it was given a session behind the beginning of its handshake
  std::uint8_t kept = kNobody;  // what it resumed, or was given, and holds beside its session
  std::uint8_t made = 0;        // its session came of its own handshake
  std::uint8_t is_client = 0;   // in its last handshake
  std::uint8_t cache_off = 0;   // its context had no cache when it was made
  std::uint8_t store_off = 0;   // its context's cache stored nothing when it was made
  std::int64_t timeout = 0;     // its context's when it was made
  Offer offer = Offer::kNone;
  std::uint8_t used = 0;      // it has begun a handshake, cleared or not
  std::uint8_t stale = 0;     // its last handshake left more than SSL_clear takes back
  std::uint8_t narrowed = 0;  // the session that was set is of an older protocol than its context's
  std::uint8_t tickets = kTicketsOn;  // this one and the next two: as the context had them
  std::uint32_t id_context = 0;
  std::int32_t protocol = 0;
  // Where connections copy what nobody sees: whether State::own has something of either kind.
  std::uint8_t offers = 0;
  std::uint8_t holds = 0;
};

// What such a connection has: the contents that were set, to be offered, and those that it has
// established.
struct OwnContents {
  Contents offered;
  Contents held;
};

// What a new connection has of its context's settings, where that is what counts.
void inherit(ConnectionState& connection, const ContextState& from);

// A ticket that a server gave out: what it stands for is sealed in it, or in the server's cache.
struct TicketState {
  std::uint32_t value = 0;  // the fingerprint of its bytes
  std::uint32_t key = 0;    // what it was sealed with; 0: it is the id of a cached session
  std::int64_t period = 0;  // which of the keys that come of it, by contract ticket-keys
  Contents contents;        // of the server's session when it was issued
};

// A copy in the table of the process, see table_steps.cc. Found by its session's id at that time,
// and whether a client made it.
struct CopyState {
  Contents contents;
  std::uint8_t of_client = 0;
  std::uint8_t place = 0;  // how many had been stored when it got its place, itself included
};
// Whether the copy is where such a session would be looked for, whichever side made it.
bool same_place(const CopyState& copy, const Contents& contents);
// So many stored behind a copy, and its place may be taken again.
inline constexpr int kStoredBehind = 3;

struct BlobState {
  Contents contents;
  std::uint8_t written = 0;
  std::uint8_t damaged = 0;  // truncated or changed: it may still decode, to anything
};

struct State {
  std::int64_t now = kClockStart;
  std::uint8_t born = 0;                            // sessions[0, born) have lived
  std::uint64_t live = 0;                           // the sessions that are alive, a bit each
  std::array<std::uint8_t, kMaxHandles> handles{};  // session numbers, live or dead, or kNobody
  std::array<ConnectionState, kMaxConnections> connections{};
  std::array<ContextState, kMaxContexts> contexts{};
  std::array<BlobState, kMaxBlobs> blobs{};
  std::uint32_t symbols = 0;  // given out so far; see harness/model/symbols.h
  std::uint8_t issued = 0;    // tickets[0, issued) have been given out
  std::array<TicketState, kMaxTickets> tickets;
  std::uint8_t copied = 0;   // copies[0, copied) are in the table of the process
  std::uint8_t stored = 0;   // how often one was stored there
  std::uint8_t aliases = 0;  // numbers of Contents::alias given out so far
  std::array<CopyState, kMaxCopies> copies;
  // Of each context with entries, the first `count`, in the order in which they were made.
  std::array<std::array<CacheEntry, kMaxEntries>, kMaxContexts> entries;
  std::array<OwnContents, kMaxConnections> own;
  std::array<SessionState, kMaxSessions> sessions;  // only the first `born` are ever read

  State() { handles.fill(kNobody); }
  int alive() const { return std::popcount(live); }
  // Whether the number, which may be kNobody, is that of a session that is alive.
  bool is_live(std::uint8_t number) const { return (live >> (number & 63U) & 1U) != 0; }
  // The handles of sessions that are alive, a bit each.
  std::uint32_t live_handles() const {
    // Shifted in from the last to the first, which is a bit test and an addition for each.
    std::uint32_t of_live = 0;
#pragma GCC unroll 8
    for (std::size_t handle = kMaxHandles; handle-- > 0;) {
      of_live = 2 * of_live + static_cast<std::uint32_t>(live >> (handles[handle] & 63U) & 1U);
    }
    return of_live;
  }
  // The handles of sessions that are alive and that the application has references to.
  std::uint32_t owned_handles() const {
    std::uint32_t owned = 0;
#pragma GCC unroll 8
    for (std::size_t handle = kMaxHandles; handle-- > 0;) {
      const std::uint8_t number = handles[handle];
      const std::uint8_t application = sessions[number < kMaxSessions ? number : 0].application;
      owned = 2 * owned + static_cast<std::uint32_t>((application != 0) & is_live(number));
    }
    return owned;
  }
  // As a new one, at a tenth of the cost: sessions that are not born need no clearing.
  void restart();
  // As an assignment, at a tenth of the cost: of what is numbered, as far as it is given out.
  void take(const State& from);
};
static_assert(std::is_trivially_copyable_v<State>);
static_assert(kMaxSessions < (kNobody & 63), "no session has the bit of kNobody");

// The fingerprint of an id of no bytes.
inline constexpr std::uint32_t kEmptyFingerprint = [] {
  const std::uint8_t nothing = 0;
  return fingerprint(&nothing, 0);
}();
inline constexpr std::uint32_t empty_fingerprint() { return kEmptyFingerprint; }

// A contract's times in one order: those without a sign have the largest numbers last.
inline std::int64_t moment(std::int64_t time, const Contract& contract) {
  const bool no_sign = contract.is(Switch::TIME_TYPE, time_type::kUnsigned);
  return no_sign ? time ^ std::numeric_limits<std::int64_t>::min() : time;
}

// Whether `a` leaves a cache after `b` or together with it: by expiry. Sessions that never expire
// are equals, or ordered by the sum as it wraps around.
bool outlives(const Contents& a, const Contents& b, const Contract& contract);

// The moment at which the session expires; none when it never does. SSL_SESSION_get_time(3):
// "Sessions are expired by examining the creation time and the timeout value"; a sum beyond the
// type is never.
std::optional<std::int64_t> expiry(const Contents& contents, const Contract& contract);

// SSL_SESSION_is_resumable(3), with the ticket of RFC 5077 in place of an id.
// Asked of every session after every operation: no branches, which nobody could predict.
inline bool resumable(const Contents& contents) {
  const bool named = (contents.id != kEmptyFingerprint) | (contents.ticket != 0);
  return (contents.marked == 0) & named;
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_STATE_H_
