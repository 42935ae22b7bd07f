// The canonical form of a state: bytes that are the same for states that differ only in names, and
// in what can never matter again.
//
// Left out, for nothing that is still to come depends on it: sessions that are gone, and how many
// there were; the statistics of caches, which only their own getters tell; whether a session was
// ever acquired, which names a misuse and allows nothing; tickets that no session and no encoding
// has; what places hold that nothing lives in.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_FORM_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_FORM_H_

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "harness/explore/space/symmetry.h"
#include "harness/model/state.h"

namespace lastref {

// Bytes of one form, in a place that is used again and again.
class Form {
 public:
  // More than any state comes to: 24 sessions of 100 bytes, 16 tickets, contexts, encodings.
  static constexpr std::size_t kCapacity = 8192;

  void clear() { size_ = 0; }
  std::span<const std::uint8_t> view() const { return {bytes_.data(), size_}; }
  // Seven bits a byte, the lowest first.
  void add(std::uint64_t number) {
    assert(size_ + kLongest <= kCapacity);
    while (number >= 0x80) {
      bytes_[size_++] = static_cast<std::uint8_t>(number | 0x80);
      number >>= 7;
    }
    bytes_[size_++] = static_cast<std::uint8_t>(number);
  }
  // Numbers near zero are short, also those below.
  void add_signed(std::int64_t number) {
    add(static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63));
  }
  bool before(const Form& other) const {
    if (size_ != other.size_) return size_ < other.size_;
    return std::memcmp(bytes_.data(), other.bytes_.data(), size_) < 0;
  }
  void assign(const Form& other) {
    size_ = other.size_;
    std::memcpy(bytes_.data(), other.bytes_.data(), size_);
  }

 private:
  static constexpr std::size_t kLongest = 10;  // bytes of a number

  std::size_t size_ = 0;
  std::array<std::uint8_t, kCapacity> bytes_;  // only the first size_ are ever read
};

// The same on every machine: shards agree on it.
std::uint64_t hash_of(std::span<const std::uint8_t> form);

class FormWriter {
 public:
  explicit FormWriter(const Symmetry& symmetry) : symmetry_(symmetry) {}

  // The canonical form. What it refers to is there until the next call.
  const Form& canonical(const State& state);

 private:
  Symmetry symmetry_;
  Form best_;
  Form next_;
};

// Everything that the state holds of what lives, under its own names, in the same bytes only for
// states that are the same but for the statistics of caches and for what nothing lives in.
void write_plainly(const State& state, Form& form);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_FORM_H_
