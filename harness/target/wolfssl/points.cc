#include "harness/target/wolfssl/points.h"

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/settings.h>

#include <array>
#include <cstdint>

namespace lastref::wolfssl {
namespace {

// The cache has 15 entries of 257 points (FP_ENTRIES and FP_LUT of wolfCrypt); the rest is for
// those in use. What is never taken costs address space only.
constexpr std::size_t kPoints = 15 * 257 + 256;

union Place {
  Place* next;  // while it is free
  alignas(std::max_align_t) unsigned char point[sizeof(ecc_point)];
};

std::array<Place, kPoints> places;
std::size_t touched = 0;  // places[0, touched) have been taken once
Place* free_places = nullptr;

}  // namespace

bool has_size_of_point(std::size_t bytes) { return bytes == sizeof(ecc_point); }

void* take_point() {
  if (free_places == nullptr) return touched < kPoints ? places[touched++].point : nullptr;
  Place* const place = free_places;
  free_places = place->next;
  return place->point;
}

bool is_point(const void* block) {
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  const auto begin = reinterpret_cast<std::uintptr_t>(places.data());
  return address >= begin && address < begin + sizeof places;
}

void give_back_point(void* block) {
  auto* const place = static_cast<Place*>(block);
  place->next = free_places;
  free_places = place;
}

}  // namespace lastref::wolfssl
