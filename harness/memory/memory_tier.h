// How closely the blocks of a target are watched.
#ifndef LASTREF_HARNESS_MEMORY_MEMORY_TIER_H_
#define LASTREF_HARNESS_MEMORY_MEMORY_TIER_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace lastref {

// Each tier sees what those before it see. What that is, and what it costs: docs/detectors.md.
enum class MemoryTier : std::uint8_t {
  kCount,       // births and deaths of sessions, live blocks, wrong releases
  kQuarantine,  // sessions have a redzone, and are poisoned, held and looked at after their release
  kGuard,       // sessions stand on guard pages: whatever touches a released one faults
  kGuardAll,    // and so does every block
};

// "guard-all".
std::string_view name(MemoryTier tier);

// The tier of that name, or nothing.
std::optional<MemoryTier> memory_tier_named(std::string_view wanted);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_MEMORY_TIER_H_
