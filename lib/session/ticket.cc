#include "lib/session/ticket.h"

#include "lib/session/encoding.h"
#include "lib/session/memory.h"

namespace lr {
namespace {

constexpr std::size_t kCheckBytes = 8;

// FNV-1a, 64 bits (Fowler, Noll, Vo), from a start of one's own.
std::uint64_t digest(std::uint64_t start, ByteSpan bytes) {
  std::uint64_t sum = start ^ 0xcbf29ce484222325ULL;
  for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x100000001b3ULL;
  return sum;
}

std::uint8_t* put(std::uint8_t* out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(number >> shift);
  return out;
}

std::array<std::uint8_t, kCheckBytes> check_of(const TicketKey& key, ByteSpan encoding) {
  std::array<std::uint8_t, kCheckBytes> check{};
  put(check.data(), digest(digest(0, key), encoding));
  return check;
}

}  // namespace

bool seal_ticket(const TicketKey& key, const Content& content, Block& ticket) {
  const std::size_t encoded = encoded_size(content);
  const std::size_t size = LR_TICKET_KEY_LENGTH + encoded + kCheckBytes;
  auto* const bytes = static_cast<std::uint8_t*>(allocate(size));
  if (bytes == nullptr) return false;
  std::uint8_t* out = std::copy(key.begin(), key.end(), bytes);
  const ByteSpan encoding(out, encoded);
  out = encode(content, out);
  const auto check = check_of(key, encoding);
  std::copy(check.begin(), check.end(), out);
  const bool sealed = ticket.assign({bytes, size});
  deallocate(bytes);
  return sealed;
}

bool open_ticket(const TicketKey& key, ByteSpan ticket, Content& content) {
  if (ticket.size() <= LR_TICKET_KEY_LENGTH + kCheckBytes) return false;
  if (!std::ranges::equal(key, ticket.first(LR_TICKET_KEY_LENGTH))) return false;
  const ByteSpan encoding =
      ticket.subspan(LR_TICKET_KEY_LENGTH, ticket.size() - LR_TICKET_KEY_LENGTH - kCheckBytes);
  if (!std::ranges::equal(check_of(key, encoding), ticket.last(kCheckBytes))) return false;
  return decode(encoding, content) == encoding.size();
}

SessionId id_of_ticket(ByteSpan ticket) {
  std::array<std::uint8_t, LR_MAX_SESSION_ID_LENGTH> bytes{};
  std::uint8_t* out = bytes.data();
  for (std::uint64_t part = 1; out != bytes.data() + bytes.size(); ++part) {
    out = put(out, digest(part, ticket));
  }
  SessionId id;
  id.assign(bytes);
  return id;
}

}  // namespace lr
