#include "harness/program/values.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lastref {
namespace {

// Bytes that no other pool holds: `seed` tells the contents of two pools apart, so that a library
// that copies one field into another is seen.
template <std::size_t size>
constexpr std::array<std::uint8_t, size> pattern(std::uint8_t seed) {
  std::array<std::uint8_t, size> bytes{};
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(seed + 7 * i + (i >> 5));
  }
  return bytes;
}

// `head` up to `shared`, `tail` from there on.
template <std::size_t size>
constexpr std::array<std::uint8_t, size> splice(std::array<std::uint8_t, size> head,
                                                std::array<std::uint8_t, size> tail,
                                                std::size_t shared) {
  for (std::size_t i = 0; i < shared; ++i) tail[i] = head[i];
  return tail;
}

// The characters of `text` with the NUL that ends it, which no value counts.
template <std::size_t size>
constexpr std::array<std::uint8_t, size> characters(const char (&text)[size]) {
  std::array<std::uint8_t, size> bytes{};
  std::transform(text, text + size, bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return bytes;
}

constexpr ByteValue bytes(std::string_view name, const std::uint8_t* data, std::size_t size) {
  return {name, data, static_cast<std::uint16_t>(size), fingerprint(data, size)};
}
template <std::size_t size>
constexpr ByteValue bytes(std::string_view name, const std::array<std::uint8_t, size>& data) {
  return bytes(name, data.data(), size);
}
template <std::size_t size>
constexpr ByteValue text(std::string_view name, const std::array<std::uint8_t, size>& data) {
  return bytes(name, data.data(), size - 1);
}
// No bytes, yet a pointer that is not NULL.
constexpr std::uint8_t kNothing[1] = {0};

constexpr auto kIdA = pattern<kMaxIdLength>(0xa1);
constexpr auto kIdB = pattern<kMaxIdLength>(0xb1);
constexpr auto kIdC = pattern<kMaxIdLength>(0xc1);
// Collides with id_a in a library whose hash is the id's first four bytes.
constexpr auto kIdE = splice(kIdA, pattern<kMaxIdLength>(0xe1), 4);
constexpr auto kIdLong = pattern<kMaxIdLength + 1>(0x01);
constexpr ByteValue kIds[] = {
    bytes("id_a", kIdA),           bytes("id_b", kIdB),           bytes("id_c", kIdC),
    bytes("id_e", kIdE),           bytes("id_d", kIdA.data(), 1),  // a prefix of id_a
    bytes("id_none", kNothing, 0), bytes("id_long", kIdLong),
};

constexpr auto kIdContextA = pattern<8>(0x11);
constexpr auto kIdContextB = pattern<kMaxIdContextLength>(0x21);
// As long as sid_a.
constexpr auto kIdContextC = pattern<8>(0x15);
constexpr auto kIdContextLong = pattern<kMaxIdContextLength + 1>(0x31);
constexpr ByteValue kIdContexts[] = {
    bytes("sid_a", kIdContextA),       bytes("sid_b", kIdContextB), bytes("sid_none", kNothing, 0),
    bytes("sid_long", kIdContextLong), bytes("sid_c", kIdContextC),
};

constexpr auto kHostA = characters("a.example");
constexpr auto kHostB = characters("b.lastref.example");
constexpr ByteValue kHostnames[] = {
    text("host_a", kHostA),
    text("host_b", kHostB),
    bytes("host_empty", kNothing, 0),
    bytes("host_none", nullptr, 0),
};

constexpr auto kAlpnH2 = characters("h2");
constexpr auto kAlpnNul = characters("h\0x");
constexpr auto kAlpnLong = pattern<255>(0x41);
constexpr ByteValue kAlpns[] = {
    text("alpn_h2", kAlpnH2),
    text("alpn_nul", kAlpnNul),
    bytes("alpn_long", kAlpnLong),
    bytes("alpn_none", nullptr, 0),
};

constexpr auto kTicketA = pattern<16>(0x51);
constexpr auto kTicketB = pattern<200>(0x52);
constexpr ByteValue kTickets[] = {
    bytes("ticket_a", kTicketA),
    bytes("ticket_b", kTicketB),
    bytes("ticket_none", nullptr, 0),
};

constexpr auto kDataA = pattern<4>(0x61);
constexpr auto kDataB = pattern<300>(0x62);
constexpr ByteValue kAppdata[] = {
    bytes("data_a", kDataA),
    bytes("data_b", kDataB),
    bytes("data_none", nullptr, 0),
};

constexpr auto kKey48 = pattern<kMasterKeyLength>(0x71);
constexpr auto kKey16 = pattern<16>(0x72);
constexpr auto kKey49 = pattern<kMasterKeyLength + 1>(0x73);
constexpr auto kKeyLong = pattern<kLongestMasterKey + 1>(0x74);
constexpr ByteValue kMasterKeys[] = {
    bytes("key_48", kKey48), bytes("key_16", kKey16),     bytes("key_none", kNothing, 0),
    bytes("key_49", kKey49), bytes("key_long", kKeyLong),
};

// A name, a key to encrypt with and one to authenticate with: as long as the longest that a library
// takes (OpenSSL's SSL_CTX_set_tlsext_ticket_keys(); the others take a part of it).
constexpr auto kTicketKeyA = pattern<kTicketKeyLength>(0x81);
constexpr auto kTicketKeyB = pattern<kTicketKeyLength>(0x82);
constexpr ByteValue kTicketKeys[] = {
    bytes("ticket_key_a", kTicketKeyA),
    bytes("ticket_key_b", kTicketKeyB),
};

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

// Now, before it, and on either side of the moment when a session with a new session's timeout of
// 300 or 304 seconds ends.
constexpr NumberValue kTimes[] = {
    {"1000000000", kClockStart},
    {"999999700", kClockStart - 300},
    {"1000000300", kClockStart + 300},
    {"1000000305", kClockStart + 305},
    {"0", 0},
    {"1", 1},
    {"9223372036854775807", kForever},
    {"-1", -1},
};
constexpr NumberValue kTimeouts[] = {
    {"300", 300}, {"304", 304},   {"0", 0},
    {"1", 1},     {"7200", 7200}, {"9223372036854775807", kForever},
    {"-1", -1},
};
constexpr NumberValue kExData[] = {{"1", 1}, {"2", 2}, {"3", 3}, {"0", 0}};
constexpr NumberValue kVersions[] = {{"tls1.2", 771}, {"tls1.3", 772}, {"tls1.0", 769}};
constexpr NumberValue kCacheSizes[] = {
    {"2", 2}, {"1", 1}, {"3", 3}, {"0", 0}, {"20480", 20480}, {"9223372036854775807", kForever},
};
constexpr NumberValue kCacheModes[] = {
    {"server", kModeServer},
    {"off", kModeOff},
    {"client", kModeClient},
    {"both", kModeBoth},
    {"server|no_auto_clear", kModeServer | kModeNoAutoClear},
    {"server|no_internal_lookup", kModeServer | kModeNoInternalLookup},
    {"server|no_internal_store", kModeServer | kModeNoInternalStore},
    {"server|update_time", kModeServer | kModeUpdateTime},
    {"client|no_internal_store", kModeClient | kModeNoInternalStore},
    {"both|update_time", kModeBoth | kModeUpdateTime},
    {"both|no_auto_clear", kModeBoth | kModeNoAutoClear},
    {"both|no_internal", kModeBoth | kModeNoInternal},
    {"both|no_internal|update_time", kModeBoth | kModeNoInternal | kModeUpdateTime},
};
constexpr NumberValue kKeeps[] = {
    {"0", 0}, {"1", 1}, {"5", 5}, {"16", 16}, {"40", 40}, {"64", 64}, {"100", 100},
};
constexpr NumberValue kChanges[] = {
    {"0", 0},   {"1", 1},   {"2", 2},   {"3", 3},   {"5", 5},   {"8", 8},
    {"13", 13}, {"21", 21}, {"34", 34}, {"55", 55}, {"89", 89},
};
// Those from -1 on are for clocks that are set, and no draw makes them: back by a moment, by a
// session's life and to 1970, and on to the end of an int.
constexpr NumberValue kClockSteps[] = {
    {"1", 1},
    {"300", 300},
    {"305", 305},
    {"7200", 7200},
    {"100000000", 100'000'000},
    {"-1", -1},
    {"-305", -305},
    {"-1000000000", -kClockStart},
    {"1147483648", (std::int64_t{1} << 31) - kClockStart},
};
// What a callback does is said by the index, which the number repeats.
constexpr NumberValue kOnNew[] = {
    {"off", kOnNewOff}, {"keep", kOnNewKeep}, {"decline", kOnNewDecline}};
constexpr NumberValue kOnGet[] = {
    {"off", kOnGetOff},
    {"none", kOnGetNone},
    {"borrowed", kOnGetBorrowed},
    {"borrowed_copy0", kOnGetBorrowedCopy0},
    {"borrowed_copy1", kOnGetBorrowedCopy1},
    {"owned", kOnGetOwned},
    {"owned_copy0", kOnGetOwnedCopy0},
    {"owned_copy1", kOnGetOwnedCopy1},
    {"none_copy0", kOnGetNoneCopy0},
    {"none_copy1", kOnGetNoneCopy1},
};
constexpr NumberValue kOnRemove[] = {
    {"off", kOnRemoveOff}, {"watch", kOnRemoveWatch}, {"do", kOnRemoveDo}};
constexpr NumberValue kInside[] = {{"off", kInsideOff}, {"do", kInsideDo}};
constexpr NumberValue kStopPoints[] = {
    {"complete", kStopComplete},
    {"after_client_hello", kStopAfterClientHello},
    {"after_server_flight", kStopAfterServerFlight},
    {"after_client_flight", kStopAfterClientFlight},
    {"refused", kStopRefused},
    {"client_refuses", kStopClientRefuses},
};
constexpr NumberValue kShutdowns[] = {{"send", 0}, {"quiet", 1}};
constexpr NumberValue kProtocols[] = {{"tls1.2", 771}, {"tls1.3", 772}};
constexpr NumberValue kTicketUses[] = {{"off", 0}, {"on", 1}};

template <typename Value>
using PoolOf = std::array<std::span<const Value>, 128>;

constexpr PoolOf<ByteValue> byte_pools() {
  PoolOf<ByteValue> pools{};
  const auto set = [&pools](OperandKind kind, std::span<const ByteValue> pool) {
    pools[static_cast<std::size_t>(kind)] = pool;
  };
  set(OperandKind::kId, kIds);
  set(OperandKind::kIdContext, kIdContexts);
  set(OperandKind::kHostname, kHostnames);
  set(OperandKind::kAlpn, kAlpns);
  set(OperandKind::kTicket, kTickets);
  set(OperandKind::kAppdata, kAppdata);
  set(OperandKind::kMasterKey, kMasterKeys);
  set(OperandKind::kTicketKey, kTicketKeys);
  return pools;
}

constexpr PoolOf<NumberValue> number_pools() {
  PoolOf<NumberValue> pools{};
  const auto set = [&pools](OperandKind kind, std::span<const NumberValue> pool) {
    pools[static_cast<std::size_t>(kind)] = pool;
  };
  set(OperandKind::kTime, kTimes);
  set(OperandKind::kTimeout, kTimeouts);
  set(OperandKind::kExData, kExData);
  set(OperandKind::kVersion, kVersions);
  set(OperandKind::kCacheSize, kCacheSizes);
  set(OperandKind::kCacheMode, kCacheModes);
  set(OperandKind::kKeep, kKeeps);
  set(OperandKind::kChange, kChanges);
  set(OperandKind::kClockStep, kClockSteps);
  set(OperandKind::kOnNew, kOnNew);
  set(OperandKind::kOnGet, kOnGet);
  set(OperandKind::kOnRemove, kOnRemove);
  set(OperandKind::kInside, kInside);
  set(OperandKind::kStopPoint, kStopPoints);
  set(OperandKind::kShutdown, kShutdowns);
  set(OperandKind::kProtocol, kProtocols);
  set(OperandKind::kTickets, kTicketUses);
  return pools;
}

constinit const PoolOf<ByteValue> kBytePoolOf = byte_pools();
constinit const PoolOf<NumberValue> kNumberPoolOf = number_pools();

}  // namespace

std::span<const ByteValue> byte_values(OperandKind kind) {
  return kBytePoolOf[static_cast<std::size_t>(kind)];
}

std::span<const NumberValue> number_values(OperandKind kind) {
  return kNumberPoolOf[static_cast<std::size_t>(kind)];
}

}  // namespace lastref
