#include "lib/session/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lr {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic = {'L', 'R', 'S', 'E'};
constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kHeader = kMagic.size() + 1 + 4;
constexpr std::size_t kFieldHeader = 3;

enum Tag : std::uint8_t {
  kVersion = 1,
  kTime,
  kTimeout,
  kId,
  kIdContext,
  kMasterKey,
  kHostname,
  kAlpn,
  kTicket,
  kAppdata,
};

// Numbers are written and read as their two's complement, big-endian.
std::uint8_t* put_number(std::uint64_t number, std::size_t size, std::uint8_t* out) {
  for (std::size_t i = size; i-- > 0; number >>= 8) out[i] = static_cast<std::uint8_t>(number);
  return out + size;
}

std::uint64_t get_number(ByteSpan bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

std::uint8_t* put_header(Tag tag, std::size_t size, std::uint8_t* out) {
  *out = tag;
  return put_number(size, 2, out + 1);
}

std::uint8_t* put_bytes(Tag tag, ByteSpan bytes, std::uint8_t* out) {
  return std::copy(bytes.begin(), bytes.end(), put_header(tag, bytes.size(), out));
}

// None is left out, as the fields after the master key are.
std::uint8_t* put_optional(Tag tag, ByteSpan bytes, std::uint8_t* out) {
  return bytes.data() == nullptr ? out : put_bytes(tag, bytes, out);
}

std::size_t optional_size(const Block& block) {
  return block.data() == nullptr ? 0 : kFieldHeader + block.size();
}

// Reads fields one after the other, each only when its turn has come.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  // The value of the next field, if that has the tag; else a span with no data.
  ByteSpan take(Tag tag) {
    if (rest_.size() < kFieldHeader || rest_[0] != tag) return {};
    const std::size_t size = get_number(rest_.subspan(1, 2));
    if (size > rest_.size() - kFieldHeader) return {};
    const ByteSpan value = rest_.subspan(kFieldHeader, size);
    rest_ = rest_.subspan(kFieldHeader + size);
    return value;
  }

  template <class Number>
  bool number(Tag tag, Number& number) {
    const ByteSpan value = take(tag);
    if (value.data() == nullptr || value.size() != sizeof number) return false;
    number = static_cast<Number>(get_number(value));
    return true;
  }

  template <class Bytes>
  bool bytes(Tag tag, Bytes& bytes) {
    const ByteSpan value = take(tag);
    return value.data() != nullptr && bytes.assign(value);
  }

  // Absent is right, and so is a value of at least `least` bytes.
  bool optional(Tag tag, std::size_t least, Block& block) {
    const ByteSpan value = take(tag);
    if (value.data() == nullptr) return true;
    return value.size() >= least && block.assign(value);
  }

 private:
  ByteSpan rest_;
};

}  // namespace

std::size_t encoded_size(const Content& content) {
  return kHeader + 6 * kFieldHeader + 4 + 8 + 8 + content.id.size() + content.id_context.size() +
         content.master_key.size() + optional_size(content.hostname) + optional_size(content.alpn) +
         optional_size(content.ticket) + optional_size(content.appdata);
}

std::uint8_t* encode(const Content& content, std::uint8_t* out) {
  out = std::copy(kMagic.begin(), kMagic.end(), out);
  *out++ = kFormat;
  out = put_number(encoded_size(content) - kHeader, 4, out);
  out = put_number(static_cast<std::uint32_t>(content.version), 4, put_header(kVersion, 4, out));
  out = put_number(static_cast<std::uint64_t>(std::int64_t{content.time}), 8,
                   put_header(kTime, 8, out));
  out = put_number(static_cast<std::uint64_t>(std::int64_t{content.timeout}), 8,
                   put_header(kTimeout, 8, out));
  out = put_bytes(kId, content.id.span(), out);
  out = put_bytes(kIdContext, content.id_context.span(), out);
  out = put_bytes(kMasterKey, content.master_key.span(), out);
  out = put_optional(kHostname, content.hostname.span(), out);
  out = put_optional(kAlpn, content.alpn.span(), out);
  out = put_optional(kTicket, content.ticket.span(), out);
  return put_optional(kAppdata, content.appdata.span(), out);
}

std::size_t decode(ByteSpan bytes, Content& content) {
  if (bytes.size() < kHeader || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin()) ||
      bytes[kMagic.size()] != kFormat) {
    return 0;
  }
  const std::size_t size = get_number(bytes.subspan(kMagic.size() + 1, 4));
  if (size > bytes.size() - kHeader) return 0;
  Reader reader(bytes.subspan(kHeader, size));
  Content decoded;
  std::int64_t time = 0;
  std::int64_t timeout = 0;
  if (!reader.number(kVersion, decoded.version) || !reader.number(kTime, time) ||
      !reader.number(kTimeout, timeout) || !reader.bytes(kId, decoded.id) ||
      !reader.bytes(kIdContext, decoded.id_context) ||
      !reader.bytes(kMasterKey, decoded.master_key) ||
      !reader.optional(kHostname, 0, decoded.hostname) ||
      !reader.optional(kAlpn, 1, decoded.alpn) || !reader.optional(kTicket, 1, decoded.ticket) ||
      !reader.optional(kAppdata, 1, decoded.appdata) || !reader.at_end()) {
    return 0;
  }
  const ByteSpan hostname = decoded.hostname.span();
  if (std::find(hostname.begin(), hostname.end(), 0) != hostname.end()) return 0;
  decoded.time = time;
  decoded.timeout = timeout;
  content = std::move(decoded);
  return kHeader + size;
}

}  // namespace lr
