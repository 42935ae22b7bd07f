// Whether what a session's getters say is what the model says: asked of every live session after
// every operation, so all fields at once and with hardly a branch.
#ifndef LASTREF_HARNESS_EXECUTE_CONTENT_CHECK_H_
#define LASTREF_HARNESS_EXECUTE_CONTENT_CHECK_H_

#include <lastref/target_abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "harness/model/state.h"
#include "harness/program/values.h"

namespace lastref {

// Fingerprints of a view's bytes, as the model keeps them. Of bytes that are always there: "none"
// and "empty" are the same.
inline std::uint32_t digest(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? kEmptyFingerprint : fingerprint(data, size);
}
// Of a field that is either absent or has bytes.
inline std::uint32_t digest_or_none(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? 0 : fingerprint(data, size);
}
inline std::uint32_t hostname_digest(const std::uint8_t* text) {
  if (text == nullptr) return 0;
  return fingerprint(text, std::char_traits<char>::length(reinterpret_cast<const char*>(text)));
}

// The digest of one session's id, which is nearly always of full length and as it was: comparing
// its bytes with those that were digested last costs a third of digesting them again.
class IdDigest {
 public:
  std::uint32_t of(const std::uint8_t* id, std::size_t size) {
    if (size == 0) return kEmptyFingerprint;
    if (size == kMaxIdLength && id != nullptr && same(id)) return digest_;
    return anew(id, size);
  }

 private:
  // Word by word: memcmp() branches after each sixteen bytes.
  bool same(const std::uint8_t* id) const {
    std::uint64_t differs = 0;
    for (std::size_t i = 0; i < kMaxIdLength; i += sizeof differs) {
      std::uint64_t now = 0;
      std::uint64_t before = 0;
      std::memcpy(&now, id + i, sizeof now);
      std::memcpy(&before, id_.data() + i, sizeof before);
      differs |= now ^ before;
    }
    return differs == 0;
  }
  [[gnu::noinline]] std::uint32_t anew(const std::uint8_t* id, std::size_t size) {
    if (size != kMaxIdLength || id == nullptr) return digest(id, size);
    std::memcpy(id_.data(), id, kMaxIdLength);
    return digest_ = fingerprint(id, kMaxIdLength);
  }

  std::array<std::uint8_t, kMaxIdLength> id_{};
  std::uint32_t digest_ = fingerprint(id_.data(), kMaxIdLength);
};

class ContentCheck {
 public:
  // What the target lacks of LASTREF_CAN_* is not looked at.
  explicit ContentCheck(std::uint64_t capabilities)
      : id_context_(mask(capabilities, LASTREF_CAN_SET_ID_CONTEXT)),
        version_(mask(capabilities, LASTREF_CAN_VERSION)),
        ex_data_(mask(capabilities, LASTREF_CAN_EX_DATA)),
        hostname_(mask(capabilities, LASTREF_CAN_HOSTNAME)),
        alpn_(mask(capabilities, LASTREF_CAN_ALPN)),
        ticket_(mask(capabilities, LASTREF_CAN_TICKET)) {}

  // Inlined: its call costs a tenth of it. `id` is of the same session at every call.
  [[gnu::always_inline]] bool agrees(const Contents& contents, const lastref_session_view& view,
                                     IdDigest& id) const {
    const std::uint64_t known = contents.unknown != 0 ? 0 : ~std::uint64_t{0};
    std::uint64_t differs = unlike(contents.time, view.time);
    differs |= unlike(contents.timeout, view.timeout);
    differs |= unlike(contents.version, view.version) & version_;
    differs |= unlike(contents.ex_data, view.ex_data) & ex_data_;
    differs |= unlike(contents.ticket != 0 ? 1 : 0, view.has_ticket) & ticket_ & known;
    differs |= unlike(resumable(contents) ? 1 : 0, view.resumable) & known;
    differs |= unlike(contents.id, id.of(view.id, view.id_length));
    // Most sessions have none of the other bytes, and must then be expected to have none.
    if ((view.id_context_length | view.alpn_length) != 0 || view.hostname != nullptr) [[unlikely]] {
      return differs == 0 && bytes_agree(contents, view);
    }
    differs |= unlike(contents.id_context, kEmptyFingerprint) & id_context_;
    differs |= unlike(contents.hostname, 0) & hostname_;
    differs |= unlike(contents.alpn, 0) & alpn_;
    return differs == 0;
  }

 private:
  // Not inlined: it would take the registers of what is done for every session.
  [[gnu::noinline]] bool bytes_agree(const Contents& contents,
                                     const lastref_session_view& view) const {
    std::uint64_t differs =
        unlike(contents.id_context, digest(view.id_context, view.id_context_length)) & id_context_;
    differs |= unlike(contents.hostname, hostname_digest(view.hostname)) & hostname_;
    differs |= unlike(contents.alpn, digest_or_none(view.alpn, view.alpn_length)) & alpn_;
    return differs == 0;
  }

  // All ones where the capability is there.
  static std::uint64_t mask(std::uint64_t has, std::uint64_t capability) {
    return (has & capability) != 0 ? ~std::uint64_t{0} : 0;
  }
  // 0 for equals.
  static std::uint64_t unlike(std::int64_t a, std::int64_t b) {
    return static_cast<std::uint64_t>(a ^ b);
  }

  std::uint64_t id_context_;
  std::uint64_t version_;
  std::uint64_t ex_data_;
  std::uint64_t hostname_;
  std::uint64_t alpn_;
  std::uint64_t ticket_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_CONTENT_CHECK_H_
