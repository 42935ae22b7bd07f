#include "harness/memory/clock.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <ctime>

namespace lastref {
namespace {

constexpr std::uint64_t kDefaultSeed = 0x6c61737472656631;
constinit std::uint64_t random_state = kDefaultSeed;

// splitmix64: a counter and a mixer, so that any seed is a good one.
std::uint64_t next_random() {
  random_state += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = random_state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

void seed_virtual_random(std::uint64_t seed) { random_state = seed ^ kDefaultSeed; }

void virtual_random(void* bytes, std::size_t size) {
  auto* to = static_cast<std::byte*>(bytes);
  while (size != 0) {
    const std::uint64_t word = next_random();
    const std::size_t part = std::min(size, sizeof word);
    std::memcpy(to, &word, part);
    to += part;
    size -= part;
  }
}

bool clock_is_interposed() {
  // By name, as a shared object that is loaded later would find it.
  using Time = std::time_t (*)(std::time_t*);
  const auto found = reinterpret_cast<Time>(dlsym(RTLD_DEFAULT, "time"));
  if (found == nullptr) return false;
  constexpr std::int64_t kProbe = 7;
  const std::int64_t before = virtual_seconds;
  set_virtual_clock(kProbe);
  bool reached = false;
  {
    const TargetScope scope;
    reached = found(nullptr) == kProbe;
  }
  set_virtual_clock(before);
  return reached;
}

}  // namespace lastref
