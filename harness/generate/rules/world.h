// What a rule checker must know of the world to say who holds what: plain data, and questions about
// it. Nothing here changes by itself; the simulation changes it, the rules only read it.
#ifndef LASTREF_HARNESS_GENERATE_RULES_WORLD_H_
#define LASTREF_HARNESS_GENERATE_RULES_WORLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/program/operation.h"
#include "harness/vocabulary/contract.h"
#include "harness/vocabulary/limits.h"

namespace lastref::rules {

// No session, no context.
inline constexpr int kNone = -1;
// A context that is destroyed, to which a callback still leads.
inline constexpr int kGone = -2;

// What sessions carry, as far as a rule may depend on it. An empty optional is unknown: it came out
// of damaged bytes.
struct Contents {
  std::optional<std::string_view> id = std::string_view();
  std::optional<std::int64_t> version;
  std::optional<std::int64_t> time;
  std::optional<std::int64_t> timeout;
  std::optional<bool> has_ticket = false;
  bool knows_appdata = true;
  bool knows_master_key = true;
  bool out_of_damage = false;  // decoded from damaged bytes, or a copy of what was

  // Whether the answer of SSL_SESSION_is_resumable is known.
  bool knows_resumable() const;
};

// A point in time, so that points compare as the contract has them: without a sign, what would be
// negative comes last.
std::int64_t moment(const Contract& contract, std::int64_t time);

// When a session ends. One whose end is beyond all time never does, and stands behind all others.
struct Expiry {
  bool never = false;
  std::int64_t at = 0;
  friend auto operator<=>(const Expiry&, const Expiry&) = default;
};
std::optional<Expiry> expiry(const Contract& contract, const Contents& contents);

struct Session {
  Contents contents;
  // Who holds how many references. It lives while anyone holds one.
  int application = 0;
  int connections = 0;
  int caches = 0;
  int library = 0;  // a function of the library that is running

  bool fresh = false;    // as SSL_SESSION_new left it
  int bound_to = kNone;  // the context that it was added to
  // The id under which a copy of it lies in the table of the process; where caches take copies.
  std::optional<std::optional<std::string_view>> copied_as;

  int references() const { return application + connections + caches + library; }
  bool alive() const { return references() > 0; }
};

// What makes two sessions one to a cache.
struct Key {
  std::optional<std::string_view> id;
  std::optional<std::int64_t> version;
};
inline Key key(const Contents& contents) { return {contents.id, contents.version}; }

// A session in a cache, under the key that it was added with.
struct Link {
  int session = kNone;
  Key key;
};

// A copy of a session in a context's own cache, where caches hold such.
struct Entry {
  Contents contents;
  std::int64_t since = 0;
};

struct Context {
  bool alive = false;
  int application = 0;
  int connections = 0;
  int running = 0;  // functions of it that the application has called and that have not returned
  std::int64_t cache_size = 0;
  std::int64_t timeout = 0;  // of entries
  bool updates_time = false;
  bool off = false;      // no cache at all
  bool internal = true;  // sessions that are added go into the internal cache
  std::uint8_t on_remove = kOnRemoveOff;
  std::uint8_t on_new = kOnNewOff;
  std::uint8_t on_get = kOnGetOff;
  int named = kNone;        // the context that its servername callback switches to
  int body = 0;             // with kOnRemoveDo: the index of the operation in the program
  std::vector<Link> cache;  // whoever was linked or put in its place first stands first

  std::vector<Entry> entries;

  // The place of a session in the cache, or cache.end().
  std::vector<Link>::iterator find(int session);
  bool links(int session) const;
};

enum class Stage { kReady, kBegun, kEstablished };

struct Connection {
  bool alive = false;
  int context = kNone;    // the one that it uses
  int made_from = kNone;  // the one that SSL_new was given
  int session = kNone;
  bool cache_off = false;  // its context had no cache when it was made

  Stage stage = Stage::kReady;
  bool shut_down = false;
  bool given_late = false;  // a session was set behind the beginning of its handshake
  int kept = kNone;         // a session that it holds beside its own
  bool made = false;        // its session came of its own handshake
  bool is_client = false;   // in its last handshake
};

struct Blob {
  bool written = false;
  bool damaged = false;
  Contents contents;
};

struct World {
  explicit World(const Contract& of);

  // The session that an operand names: a handle's, the callback's argument, or none.
  int named(std::uint8_t operand) const;
  Session& session(int number) { return sessions[static_cast<std::size_t>(number)]; }
  const Session& session(int number) const { return sessions[static_cast<std::size_t>(number)]; }
  // Whether a handle other than `except` points to the session.
  bool has_name(int session, int except = kNone) const;

  const Contract& contract;
  std::int64_t now = kClockStart;
  std::vector<Session> sessions;  // by birth; the dead ones stay
  std::array<int, kMaxHandles> handles;
  std::array<Context, kMaxContexts> contexts;
  std::array<Connection, kMaxConnections> connections;
  std::array<Blob, kMaxBlobs> blobs;
  int argument = kNone;  // of the callback whose body is running
};

// SSL_set_session(3): whether the session that the connection has is "considered bad".
bool has_bad_session(const World& world, const Connection& connection);

// Whether a cache takes both keys for one session; nothing when that cannot be known.
std::optional<bool> same_key(const Contract& contract, const Key& a, const Key& b);

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_WORLD_H_
