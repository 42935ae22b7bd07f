// Who acquires or releases a session's reference, and what the ledger is told of it. In a build
// without the ledger all of this is empty.
#ifndef LASTREF_LIB_SESSION_OWNER_H_
#define LASTREF_LIB_SESSION_OWNER_H_

#if LASTREF_LEDGER
#include "lastref/ownership.h"
#endif

namespace lr {

#if LASTREF_LEDGER

using Owner = lastref_owner;

// The address that calls the function of the C API in which the name stands.
#define LR_APPLICATION \
  (::lr::Owner{LASTREF_OWNER_APPLICATION, nullptr, __builtin_return_address(0), nullptr})
// The application, by what it does in a callback.
inline Owner owned_by_application() {
  return {LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};
}
inline Owner owned_by_cache(const void* context) {
  return {LASTREF_OWNER_CACHE, context, nullptr, nullptr};
}
inline Owner owned_by_connection(const void* connection) {
  return {LASTREF_OWNER_CONNECTION, connection, nullptr, nullptr};
}

inline void note_birth(const void* session) { lastref_object_begin(session); }
inline void note_acquire(const void* session, const Owner& owner) {
  lastref_acquire(session, owner);
}
inline void note_release(const void* session, const Owner& owner) {
  lastref_release(session, owner);
}
// The reference changes hands; the count stays.
inline void note_transfer(const void* session, const Owner& from, const Owner& to) {
  lastref_transfer(session, from, to);
}
inline void note_death(const void* session) { lastref_object_end(session); }

#else

struct Owner {};

#define LR_APPLICATION (::lr::Owner{})
inline Owner owned_by_application() { return {}; }
inline Owner owned_by_cache(const void*) { return {}; }
inline Owner owned_by_connection(const void*) { return {}; }

inline void note_birth(const void*) {}
inline void note_acquire(const void*, const Owner&) {}
inline void note_release(const void*, const Owner&) {}
inline void note_transfer(const void*, const Owner&, const Owner&) {}
inline void note_death(const void*) {}

#endif

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_OWNER_H_
