#include "harness/execute/unchecked_lengths.h"

#include <cstddef>

namespace lastref {
namespace {

// Room of the members, as wolfssl/internal.h of 5.5 has it.
constexpr std::size_t kId = 32;
constexpr std::size_t kCertificates = 9;
constexpr std::size_t kCertificate = 2048;
constexpr std::size_t kServerId = 20;
constexpr std::size_t kIdContext = 32;

// Fields in front of the first length: the side, the time, the timeout.
constexpr std::size_t kBeforeId = 9;
// Between the id and the mark of a second one: the secret, the extended master secret's mark.
constexpr std::size_t kBeforeSecondId = 49;
constexpr std::size_t kVersionAndCipher = 4;
constexpr std::size_t kVerifiedAndGroup = 3;
// When the ticket was seen and its age: the library asks for eight bytes, and reads twelve.
constexpr std::size_t kAsked = 8;
constexpr std::size_t kRead = 12;

// Reads what the library reads; beyond the end the bytes are refused.
class Walk {
 public:
  explicit Walk(std::span<const std::uint8_t> bytes) : left_(bytes) {}

  std::size_t left() const { return left_.size(); }
  bool skip(std::size_t count) {
    if (count > left_.size()) return false;
    left_ = left_.subspan(count);
    return true;
  }
  bool number(std::size_t width, std::size_t& value) {
    if (width > left_.size()) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | left_[i];
    return skip(width);
  }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace

bool lengths_are_safe(std::span<const std::uint8_t> bytes) {
  Walk walk(bytes);
  std::size_t length = 0;
  if (!walk.skip(kBeforeId) || !walk.number(1, length)) return true;
  // Copied when the bytes suffice, which they may or not.
  if (length > kId) return false;
  if (!walk.skip(length) || !walk.skip(kBeforeSecondId) || !walk.number(1, length)) return true;
  if (length != 0 && (length != kId || !walk.skip(kId))) return true;
  std::size_t certificates = 0;
  if (!walk.number(1, certificates)) return true;
  if (certificates > kCertificates) return false;
  for (; certificates > 0; --certificates) {
    if (!walk.number(2, length)) return true;
    if (length > kCertificate) return false;
    if (!walk.skip(length)) return true;
  }
  if (!walk.skip(kVersionAndCipher) || !walk.number(2, length)) return true;
  if (length > kServerId) return false;
  if (!walk.skip(length) || !walk.number(1, length)) return true;
  if (length > kIdContext) return false;
  if (!walk.skip(length) || !walk.skip(kVerifiedAndGroup)) return true;
  return walk.left() < kAsked || walk.left() >= kRead;
}

}  // namespace lastref
