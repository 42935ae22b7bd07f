#include "harness/target/wolfssl/table.h"

#include <array>
#include <cstddef>

namespace lastref::wolfssl {
namespace {

// A place is found by a session's id and side, and its encoding carries both.
struct Filled {
  std::array<unsigned char, 512> bytes;
  int length;
};

// As many sessions as one program has operations, and some more.
constexpr std::size_t kRoom = 128;

SSL_CTX* bare = nullptr;
bool callbacks = false;
std::array<Filled, kRoom> filled;
std::size_t count = 0;

}  // namespace

bool open_table() {
  bare = SSL_CTX_new(TLS_method());
  return bare != nullptr;
}

void callback_installed() { callbacks = true; }

void added(SSL_SESSION* session) {
  if (!callbacks || count == kRoom) return;
  Filled& place = filled[count];
  const int length = i2d_SSL_SESSION(session, nullptr);
  if (length <= 0 || static_cast<std::size_t>(length) > place.bytes.size()) return;
  unsigned char* out = place.bytes.data();
  place.length = i2d_SSL_SESSION(session, &out);
  ++count;
}

void forget_callbacks() {
  callbacks = false;
  for (; count > 0; --count) {
    const Filled& place = filled[count - 1];
    const unsigned char* in = place.bytes.data();
    SSL_SESSION* session = d2i_SSL_SESSION(nullptr, &in, place.length);
    if (session == nullptr) continue;
    SSL_CTX_add_session(bare, session);
    SSL_SESSION_free(session);
  }
}

}  // namespace lastref::wolfssl
