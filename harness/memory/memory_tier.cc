#include "harness/memory/memory_tier.h"

#include <array>
#include <cstddef>

namespace lastref {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"count", "quarantine", "guard", "guard-all"};

}  // namespace

std::string_view name(MemoryTier tier) { return kNames[static_cast<std::size_t>(tier)]; }

std::optional<MemoryTier> memory_tier_named(std::string_view wanted) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == wanted) return static_cast<MemoryTier>(i);
  }
  return std::nullopt;
}

}  // namespace lastref
