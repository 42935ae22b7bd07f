// The header in front of each block of the heap, and the classes of sizes.
#ifndef LASTREF_HARNESS_MEMORY_BLOCK_H_
#define LASTREF_HARNESS_MEMORY_BLOCK_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#define LASTREF_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LASTREF_ASAN 1
#endif
#endif
#ifndef LASTREF_ASAN
#define LASTREF_ASAN 0
#endif

// For functions that read or write headers, which are poisoned for all others.
#if LASTREF_ASAN
#define LASTREF_NO_ASAN __attribute__((no_sanitize("address")))
#else
#define LASTREF_NO_ASAN
#endif

namespace lastref {

// The heap works out where its blocks are: it is the one that makes pointers out of numbers.
inline void* to_pointer(std::uintptr_t address) {
  return reinterpret_cast<void*>(address);  // NOLINT(performance-no-int-to-ptr): see above
}

// What the heap knows of a pointer.
enum class BlockState : std::uint8_t {
  kForeign,      // not the start of a block that was ever given out
  kLive,         // a block that was not released
  kReleased,     // a block that is free
  kQuarantined,  // a block that was released in this program and is held back
};

// Sixteen bytes: blocks are aligned as malloc's are. The free lists' link stands here and not in
// the block, where a write after release would break it.
struct BlockHeader {
  std::uint32_t mark;  // kBlockMagic and the bits below
  std::uint32_t size;  // bytes asked for
  std::uint32_t tag;
  std::uint32_t next;  // free: the next free block of the class, in units of 16 bytes; else moments
};
inline constexpr std::size_t kBlockAlignment = 16;
static_assert(sizeof(BlockHeader) == kBlockAlignment);

// Bits of a mark.
inline constexpr std::uint32_t kBlockMagic = 0x1a57ef00;
inline constexpr std::uint32_t kMarkState = 0x0f;  // one of the three:
inline constexpr std::uint32_t kMarkLive = 0x01;
inline constexpr std::uint32_t kMarkReleased = 0x02;
inline constexpr std::uint32_t kMarkQuarantined = 0x03;
inline constexpr std::uint32_t kMarkSession = 0x10;   // a session's block
inline constexpr std::uint32_t kMarkGuarded = 0x20;   // has kGuardBytes behind it
inline constexpr std::uint32_t kMarkPaged = 0x40;     // on pages of its own, see guard_pages.h
inline constexpr std::uint32_t kMarkThorough = 0x80;  // filled at birth, poisoned as a whole
inline constexpr std::uint32_t kMarkBits =
    kMarkState | kMarkSession | kMarkGuarded | kMarkPaged | kMarkThorough;
inline constexpr std::uint32_t kLivePlain = kBlockMagic | kMarkLive;
inline constexpr std::uint32_t kReleasedPlain = kBlockMagic | kMarkReleased;

// What released sessions are filled with. As a pointer it is not canonical, so that following one
// faults; as a count it is negative.
inline constexpr unsigned char kPoisonByte = 0xFD;
// Thorough only: what fresh blocks, and the guards behind them, are filled with.
inline constexpr unsigned char kFreshByte = 0xA5;
inline constexpr unsigned char kGuardByte = 0xB7;
inline constexpr std::size_t kGuardBytes = 16;

// Classes: multiples of 16 up to kSmallBytes, then powers of two up to kMaxBlockBytes. Class 0 is
// not used.
inline constexpr std::size_t kSmallBytes = 1024;
inline constexpr int kSmallClasses = kSmallBytes / kBlockAlignment;
inline constexpr std::size_t kMaxBlockBytes = std::size_t{1} << 30;
inline constexpr int kSizeClasses = kSmallClasses + 1 + 20;

// For 1 to kSmallBytes.
constexpr int small_class(std::size_t bytes) {
  return static_cast<int>((bytes + kBlockAlignment - 1) / kBlockAlignment);
}
constexpr std::size_t small_stride(std::size_t bytes) {
  return sizeof(BlockHeader) + (bytes + kBlockAlignment - 1) / kBlockAlignment * kBlockAlignment;
}

// For 0 to kMaxBlockBytes: a block of no bytes has a class of its own place all the same.
constexpr int size_class(std::size_t bytes) {
  if (bytes <= kSmallBytes) return bytes == 0 ? 1 : small_class(bytes);
  return kSmallClasses + static_cast<int>(std::bit_width(bytes - 1)) - 10;
}
// Bytes that a block of the class has for its user.
constexpr std::size_t class_bytes(int of) {
  if (of <= kSmallClasses) return static_cast<std::size_t>(of) * kBlockAlignment;
  return kSmallBytes << (of - kSmallClasses);
}
// The class of a block that has a header.
LASTREF_NO_ASAN constexpr int class_of(const BlockHeader& header) {
  return size_class(header.size + ((header.mark & kMarkGuarded) != 0 ? kGuardBytes : 0));
}
constexpr bool has_magic(std::uint32_t mark) { return (mark & ~kMarkBits) == kBlockMagic; }
static_assert(size_class(kSmallBytes) == kSmallClasses);
static_assert(size_class(kSmallBytes + 1) == kSmallClasses + 1);
static_assert(class_bytes(size_class(kMaxBlockBytes)) == kMaxBlockBytes);
static_assert(size_class(kMaxBlockBytes) == kSizeClasses - 1);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_BLOCK_H_
