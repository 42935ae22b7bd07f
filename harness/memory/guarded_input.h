// Where bytes stand while a library reads them: their end is the end of a page, and behind it is
// one that nobody may touch, so that a library that reads on faults at the instruction.
#ifndef LASTREF_HARNESS_MEMORY_GUARDED_INPUT_H_
#define LASTREF_HARNESS_MEMORY_GUARDED_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace lastref {

// Longest input that is placed: encodings of the longest values that programs have are shorter.
inline constexpr std::size_t kMaxGuardedInput = std::size_t{64} << 10;

class GuardedInput {
 public:
  constexpr GuardedInput() = default;
  GuardedInput(const GuardedInput&) = delete;
  GuardedInput& operator=(const GuardedInput&) = delete;

  // Copies the bytes there; the pages are mapped at the first call. Valid until the next call. The
  // bytes themselves where they are too long, or the system has no pages.
  const std::uint8_t* place(std::span<const std::uint8_t> bytes);
  // The first byte that is no more as it was placed: an index, or the length when all are.
  std::size_t changed(std::span<const std::uint8_t> bytes) const;

  // Whether the address lies behind the bytes, on the page that nobody may touch. Safe in a signal
  // handler.
  bool is_behind(const void* address) const;
  // Of such an address, counted from the first byte.
  std::size_t offset_of(const void* address) const;
  std::size_t size() const { return size_; }
  // Of what is placed; NULL where that was not done.
  const std::uint8_t* start() const { return placed_ ? end_ - size_ : nullptr; }

 private:
  bool reserve();

  std::uint8_t* end_ = nullptr;  // the first byte of the page behind
  std::size_t size_ = 0;         // of what is placed
  bool placed_ = false;
  bool reserved_ = false;  // or tried to
};

// That of this process.
extern constinit GuardedInput process_input;
inline GuardedInput& guarded_input() { return process_input; }

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_GUARDED_INPUT_H_
