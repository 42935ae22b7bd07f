// The pools of values that operands are drawn from. A program names a value by its index; the trace
// language prints the value itself. Common values stand first: generators favour low indices.
#ifndef LASTREF_HARNESS_PROGRAM_VALUES_H_
#define LASTREF_HARNESS_PROGRAM_VALUES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "harness/program/operation.h"

namespace lastref {

// A value of bytes: an id, a hostname, a key.
struct ByteValue {
  std::string_view name;     // its word in a trace: "id_a"
  const std::uint8_t* data;  // NULL for "none"
  std::uint16_t size;
  std::uint32_t fingerprint;  // fingerprint(data, size), worked out once
};

// A value that is a number: a time, a size, a mode.
struct NumberValue {
  std::string_view name;  // its word in a trace: "300", "server|update_time"
  std::int64_t value;
};

// Pools of bytes: kId, kIdContext, kHostname, kAlpn, kTicket, kAppdata, kMasterKey, kTicketKey.
// Empty for other kinds.
std::span<const ByteValue> byte_values(OperandKind kind);

// Pools of numbers: every other kind that is no handle. Empty for handles and byte kinds.
std::span<const NumberValue> number_values(OperandKind kind);

// A 32-bit digest of contents: 0 for no data (NULL), else never 0. Equal contents have equal
// digests; the pools hold no two values with one digest (a test checks it), so the model compares
// digests. Read after every operation of every program, hence inline and eight bytes at a time;
// constant, so that the pools need no start-up.
constexpr std::uint32_t fingerprint(const std::uint8_t* data, std::size_t size) {
  if (data == nullptr) return 0;
  // Spread, so that no byte at the front makes up for a byte more at the end.
  std::uint64_t digest = 0x9e3779b97f4a7c15ULL * (size + 1);
  while (size >= 8) {
    std::uint64_t word = 0;
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{data[i]} << (8 * i);
    } else {
      static_assert(std::endian::native == std::endian::little);
      std::memcpy(&word, data, 8);
    }
    digest = (digest ^ word) * 0xff51afd7ed558ccdULL;
    digest ^= digest >> 32;
    data += 8;
    size -= 8;
  }
  std::uint64_t tail = 0;
  for (std::size_t i = 0; i < size; ++i) tail |= std::uint64_t{data[i]} << (8 * i);
  digest = (digest ^ tail) * 0xc4ceb9fe1a85ec53ULL;
  return static_cast<std::uint32_t>(digest >> 32) | 1U;
}

// Limits of the manuals that the pools step over on purpose.
inline constexpr int kMaxIdLength = 32;         // SSL_MAX_SSL_SESSION_ID_LENGTH
inline constexpr int kMaxIdContextLength = 32;  // SSL_MAX_SID_CTX_LENGTH
// A master key of TLS 1.2, and the longest that any library takes (OpenSSL: what TLS 1.3 may resume
// with); where the limit lies is a switch of the contract.
inline constexpr int kMasterKeyLength = 48;
inline constexpr int kLongestMasterKey = 512;

inline constexpr int kTicketKeyLength = 80;

// Protocol versions as TLS writes them.
inline constexpr std::int32_t kTls12 = 0x0303;
inline constexpr std::int32_t kTls13 = 0x0304;

// Bits of a cache mode: the values of OpenSSL's <openssl/ssl.h>, which the others share.
inline constexpr std::int64_t kModeOff = 0;
inline constexpr std::int64_t kModeClient = 0x1;
inline constexpr std::int64_t kModeServer = 0x2;
inline constexpr std::int64_t kModeBoth = 0x3;
inline constexpr std::int64_t kModeNoAutoClear = 0x80;
inline constexpr std::int64_t kModeNoInternalLookup = 0x100;
inline constexpr std::int64_t kModeNoInternalStore = 0x200;
inline constexpr std::int64_t kModeNoInternal = kModeNoInternalLookup | kModeNoInternalStore;
inline constexpr std::int64_t kModeUpdateTime = 0x400;

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_VALUES_H_
