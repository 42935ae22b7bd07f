#include "harness/target/wolfssl/table.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>

#include "harness/target/wolfssl/encoding.h"

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

// What wolfSSL_memsave_session_cache writes: a header, then each row's two counters and its places,
// of which only the first is copied. So the table is brought back in two steps: all places are
// filled with sessions that no program has, then the counters go back to 0.
std::unique_ptr<unsigned char[]> at_start;
int table_size = 0;
constexpr std::size_t kHeader = 4 * sizeof(int);
constexpr std::size_t kRows = 11;
constexpr std::size_t kPlacesOfARow = 3;
constexpr std::size_t kPlaces = kRows * kPlacesOfARow;

// One set fills the table, and the next time the other. A session that is in the table already
// takes its own place once more instead of the next, and those of the time before are: in places
// that the counters at 0 hide, but each session that is added again lets one more of them be seen.
constexpr std::size_t kSets = 2;
std::array<std::array<SSL_SESSION*, kPlaces>, kSets> fillers;
std::size_t next_set = 0;
bool shook_hands = false;

// The row that has something in it, of a table in which only one has; kRows when there is none.
std::size_t used_row(const unsigned char* table, std::size_t row_size) {
  for (std::size_t row = 0; row < kRows; ++row) {
    int counters[2];
    std::memcpy(counters, table + kHeader + row * row_size, sizeof counters);
    if (counters[0] != 0 || counters[1] != 0) return row;
  }
  return kRows;
}

// As many sessions of each set for each row as it has places. Which row an id goes to is the
// library's to know.
bool find_fillers(std::size_t row_size) {
  constexpr unsigned kTries = 1000;  // two hundred would do
  const auto table = std::make_unique<unsigned char[]>(static_cast<std::size_t>(table_size));
  std::array<std::size_t, kRows> found{};
  std::size_t kept = 0;
  for (unsigned tries = 0; tries < kTries && kept < kSets * kPlaces; ++tries) {
    unsigned char id[kMaxId] = "of no program of lastref's";
    std::memcpy(id + sizeof id - sizeof tries, &tries, sizeof tries);
    SSL_SESSION* session = new_with_id(id, sizeof id);
    if (session == nullptr) return false;
    SSL_CTX_add_session(bare, session);
    wolfSSL_memsave_session_cache(table.get(), table_size);
    wolfSSL_memrestore_session_cache(at_start.get(), table_size);
    const std::size_t row = used_row(table.get(), row_size);
    if (row == kRows || found[row] == kSets * kPlacesOfARow) {
      SSL_SESSION_free(session);
      continue;
    }
    const std::size_t of_row = found[row]++;
    fillers[of_row / kPlacesOfARow][row * kPlacesOfARow + of_row % kPlacesOfARow] = session;
    ++kept;
  }
  return kept == kSets * kPlaces;
}

}  // namespace

bool open_table() {
  bare = SSL_CTX_new(TLS_method());
  table_size = wolfSSL_get_session_cache_memsize();
  if (bare == nullptr || table_size <= 0) return false;
  at_start = std::make_unique<unsigned char[]>(static_cast<std::size_t>(table_size));
  if (wolfSSL_memsave_session_cache(at_start.get(), table_size) != WOLFSSL_SUCCESS) return false;
  int header[4];
  std::memcpy(header, at_start.get(), sizeof header);
  if (header[1] != static_cast<int>(kRows) || header[2] != static_cast<int>(kPlacesOfARow)) {
    return false;
  }
  return find_fillers(2 * sizeof(int) + kPlacesOfARow * static_cast<std::size_t>(header[3]));
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

void shaken_hands() { shook_hands = true; }

void forget_program() {
  callbacks = false;
  for (; count > 0; --count) {
    const Filled& place = filled[count - 1];
    const unsigned char* in = place.bytes.data();
    SSL_SESSION* session = d2i_SSL_SESSION(nullptr, &in, place.length);
    if (session == nullptr) continue;
    SSL_CTX_add_session(bare, session);
    SSL_SESSION_free(session);
  }
  if (!shook_hands) return;
  shook_hands = false;
  for (SSL_SESSION* filler : fillers[next_set]) SSL_CTX_add_session(bare, filler);
  next_set = (next_set + 1) % kSets;
  wolfSSL_memrestore_session_cache(at_start.get(), table_size);
}

}  // namespace lastref::wolfssl
