#include "harness/target/wolfssl/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace lastref::wolfssl {
namespace {

// The encoding begins with the side (1 byte), the time and the timeout (4 each) and the length of
// the id (1), which a new session has not; the id is next.
constexpr std::size_t kIdLengthAt = 9;
constexpr std::size_t kIdAt = kIdLengthAt + 1;

// A new session encodes to 86 bytes.
constexpr std::size_t kRoom = 256;

std::array<unsigned char, kRoom> fresh{};  // what a new session encodes to
std::size_t fresh_length = 0;

SSL_SESSION* decode_with_id(const unsigned char* id, std::size_t length) {
  std::array<unsigned char, kRoom + kMaxId> bytes{};
  std::copy_n(fresh.begin(), kIdLengthAt, bytes.begin());
  bytes[kIdLengthAt] = static_cast<unsigned char>(length);
  std::copy_n(id, length, bytes.begin() + kIdAt);
  std::copy_n(fresh.begin() + kIdAt, fresh_length - kIdAt, bytes.begin() + kIdAt + length);
  const unsigned char* in = bytes.data();
  return d2i_SSL_SESSION(nullptr, &in, static_cast<long>(fresh_length + length));
}

}  // namespace

bool learn_encoding() {
  SSL_SESSION* session = SSL_SESSION_new();
  if (session == nullptr) return false;
  const int length = i2d_SSL_SESSION(session, nullptr);
  if (length > static_cast<int>(kIdAt) && length <= static_cast<int>(kRoom)) {
    unsigned char* out = fresh.data();
    i2d_SSL_SESSION(session, &out);
    fresh_length = static_cast<std::size_t>(length);
  }
  SSL_SESSION_free(session);
  if (fresh_length == 0 || fresh[kIdLengthAt] != 0) return false;

  constexpr unsigned char kProbe[] = {'l', 'a', 's', 't', 'r', 'e', 'f'};
  session = decode_with_id(kProbe, sizeof kProbe);
  if (session == nullptr) return false;
  unsigned size = 0;
  const unsigned char* id = SSL_SESSION_get_id(session, &size);
  const bool known = size == sizeof kProbe && std::memcmp(id, kProbe, sizeof kProbe) == 0 &&
                     i2d_SSL_SESSION(session, nullptr) == length + static_cast<int>(size);
  SSL_SESSION_free(session);
  return known;
}

SSL_SESSION* new_with_id(const unsigned char* id, std::size_t length) {
  return length <= kMaxId ? decode_with_id(id, length) : nullptr;
}

}  // namespace lastref::wolfssl
