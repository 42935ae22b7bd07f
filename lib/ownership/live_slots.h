// Which slots of an object hold a live reference, and in which order they were taken: one word, so
// that an event reads and writes it once.
#ifndef LASTREF_LIB_OWNERSHIP_LIVE_SLOTS_H_
#define LASTREF_LIB_OWNERSHIP_LIVE_SLOTS_H_

#include <bit>
#include <cstdint>

namespace lastref::ownership {

inline constexpr std::uint32_t kSlots = 8;

class LiveSlots {
 public:
  bool none() const { return word_ == 0; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(std::popcount(mask())); }
  bool has(std::uint32_t slot) const { return (word_ >> slot & 1U) != 0; }

  // A slot that holds no live reference, from `first` on in a circle; when all do, any.
  std::uint32_t free_from(std::uint32_t first) const {
    const auto free = static_cast<std::uint8_t>(~mask());
    const auto distance = static_cast<std::uint32_t>(
        std::countr_zero(std::rotr(free, static_cast<int>(first)) | 1U << kSlots));
    return (first + distance) % kSlots;
  }

  // The slot, which was free, is the newest.
  void add(std::uint32_t slot) {
    word_ = (word_ & ~kMask) << kSlotBits | slot << kSlots | mask() | 1U << slot;
  }

  // The slot that was added last. There is one.
  std::uint32_t newest() const { return word_ >> kSlots & (kSlots - 1); }
  void remove_newest() { word_ = (word_ >> kSlotBits & ~kMask) | (mask() & ~(1U << newest())); }

  // How many are newer than the newest slot for which `fits(slot)` is true; kSlots when there is
  // none.
  template <class Fits>
  std::uint32_t find(const Fits& fits) const {
    std::uint32_t left = mask();
    for (std::uint32_t newer = 0; left != 0; ++newer) {
      const std::uint32_t slot = behind(newer);
      if (fits(slot)) return newer;
      left &= ~(1U << slot);
    }
    return kSlots;
  }
  // The slot that so many are newer than.
  std::uint32_t behind(std::uint32_t newer) const {
    return word_ >> (kSlots + newer * kSlotBits) % 32U & (kSlots - 1);
  }
  void remove_behind(std::uint32_t newer) {
    const std::uint32_t slot = behind(newer);
    const std::uint32_t kept = (1U << (kSlots + newer * kSlotBits)) - 1;
    word_ = ((word_ & kept) | (word_ >> kSlotBits & ~kept)) & ~(1U << slot);
  }
  // Nothing happens when it holds no live reference.
  void remove(std::uint32_t slot) {
    const std::uint32_t newer = find([slot](std::uint32_t other) { return other == slot; });
    if (newer != kSlots) remove_behind(newer);
  }

 private:
  static constexpr std::uint32_t kMask = (1U << kSlots) - 1;
  static constexpr std::uint32_t kSlotBits = 3;
  static_assert(kSlots == 1U << kSlotBits && kSlots + kSlots * kSlotBits == 32);

  std::uint8_t mask() const { return static_cast<std::uint8_t>(word_); }

  // A bit for each slot, and above them the numbers of those that are live, the newest lowest.
  std::uint32_t word_ = 0;
};

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_LIVE_SLOTS_H_
