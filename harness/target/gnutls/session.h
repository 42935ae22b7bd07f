// The operations on sessions. GnuTLS shows no session but its data, a block of bytes that the
// application gets and gives back to gnutls_free(): a session is here what an application keeps of
// one, the data with the id that the connection said it had, in one block for each.
#ifndef LASTREF_HARNESS_TARGET_GNUTLS_SESSION_H_
#define LASTREF_HARNESS_TARGET_GNUTLS_SESSION_H_

#include <gnutls/gnutls.h>
#include <lastref/target_abi.h>

#include <array>

#include "harness/target/shared/memory.h"
#include "harness/target/shared/perform.h"

namespace lastref::gnutls {

using copying::Done;
using copying::host;

struct Id {
  std::array<unsigned char, GNUTLS_MAX_SESSION_ID_SIZE> bytes{};
  unsigned size = 0;
};
Id id_of(const gnutls_datum_t& bytes);

struct Session {
  gnutls_datum_t data = {nullptr, 0};
  Id id;
  // Sessions are known by their size, which few blocks of the library have.
  std::array<unsigned char, 100> padding{};
};

// A session that has no data yet; NULL when memory is short. And its end.
Session* make_session();
void end_session(Session* session);

Done perform_session(const lastref_call& call, lastref_result& result);

// As lastref_target::view_session.
void view_session(const void* session, lastref_session_view* view);

}  // namespace lastref::gnutls

#endif  // LASTREF_HARNESS_TARGET_GNUTLS_SESSION_H_
