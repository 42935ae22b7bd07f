// Bytes of a session: a few inside it, or any number in a block of their own.
#ifndef LASTREF_LIB_SESSION_BYTES_H_
#define LASTREF_LIB_SESSION_BYTES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lr {

using ByteSpan = std::span<const std::uint8_t>;

// Up to `capacity` bytes in place. What lies behind them is always zero, so that two of equal size
// can be compared as a whole.
template <std::size_t capacity>
class InlineBytes {
 public:
  bool assign(ByteSpan bytes) {
    if (bytes.size() > capacity) return false;
    // Through a copy, for the bytes may be our own.
    std::array<std::uint8_t, capacity> copy{};
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    bytes_ = copy;
    size_ = static_cast<std::uint8_t>(bytes.size());
    return true;
  }

  // Of no more bytes than it holds.
  static InlineBytes of(ByteSpan bytes) {
    InlineBytes made;
    if (bytes.size() == capacity) {
      std::copy_n(bytes.begin(), capacity,
                  made.bytes_.begin());  // inline, for it is always so many
    } else {
      std::copy(bytes.begin(), bytes.end(), made.bytes_.begin());
    }
    made.size_ = static_cast<std::uint8_t>(bytes.size());
    return made;
  }

  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return size_; }
  ByteSpan span() const { return {bytes_.data(), size_}; }

  // Word by word, for which no function is called.
  friend bool operator==(const InlineBytes& left, const InlineBytes& right) {
    using Words = std::array<std::uint64_t, capacity / sizeof(std::uint64_t)>;
    static_assert(sizeof(Words) == capacity);
    const auto lefts = std::bit_cast<Words>(left.bytes_);
    const auto rights = std::bit_cast<Words>(right.bytes_);
    std::uint64_t differ = left.size_ ^ right.size_;
    for (std::size_t i = 0; i < lefts.size(); ++i) differ |= lefts[i] ^ rights[i];
    return differ == 0;
  }

 private:
  static_assert(capacity <= UINT8_MAX);
  std::array<std::uint8_t, capacity> bytes_{};
  std::uint8_t size_ = 0;
};

// Any number of bytes, or none at all (NULL), in a block of the library's memory, with a zero
// behind the last. Owns the block.
class Block {
 public:
  Block() = default;
  Block(Block&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Block& operator=(Block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    if (data_ != nullptr) clear();
  }

  // False when the bytes are too many or memory is short: then nothing has changed. A span with
  // NULL for its data clears. The bytes may be the block's own.
  bool assign(ByteSpan bytes);
  void clear();

  const std::uint8_t* data() const { return data_; }
  std::uint8_t* data() { return data_; }
  std::size_t size() const { return size_; }
  ByteSpan span() const { return {data_, size_}; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_BYTES_H_
