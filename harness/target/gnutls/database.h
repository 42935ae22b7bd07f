// What an application of GnuTLS writes itself: the database of a server's sessions, which the
// library calls back. Each entry is a copy of what it was given, under the session's id.
#ifndef LASTREF_HARNESS_TARGET_GNUTLS_DATABASE_H_
#define LASTREF_HARNESS_TARGET_GNUTLS_DATABASE_H_

#include <gnutls/gnutls.h>

#include <cstdint>

#include "harness/target/gnutls/session.h"

namespace lastref::gnutls {

struct Entry {
  Entry* next = nullptr;
  Id id;
  gnutls_datum_t data = {nullptr, 0};
};

struct Database {
  Entry* entries = nullptr;
};

// Has a server use it. It outlives the server.
void use_database(gnutls_session_t server, Database& database);

std::int64_t count_entries(const Database& database);
void remove_entries(Database& database);

}  // namespace lastref::gnutls

#endif  // LASTREF_HARNESS_TARGET_GNUTLS_DATABASE_H_
