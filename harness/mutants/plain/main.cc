// Random calls under a detector: this program is compiled with a sanitizer, or runs under valgrind.
//
//   plain_calls LIBRARY SEED PROGRAMS SECONDS PROGRESS
//
// runs that many programs, or until the process has used so much processor time, and keeps the
// number of the one that runs in the file PROGRESS, 8 bytes. The detector ends it when it sees
// something; leaks are looked for between programs. Exits with 0 when nothing was seen.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "harness/mutants/plain/calls.h"

#if __has_include(<sanitizer/lsan_interface.h>) && defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#define LASTREF_LSAN 1
#endif
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define LASTREF_MEMCHECK 1
#endif

namespace {

constexpr int kUsage = 2;
constexpr int kLeaked = 9;
// A look for leaks takes a thousand times as long as a program.
constexpr std::uint64_t kLookEvery = 256;

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
struct Random {
  std::uint64_t state;
  std::uint32_t below(std::uint32_t bound) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) % bound);
  }
};

bool has_leaked() {
#ifdef LASTREF_LSAN
  if (__lsan_do_recoverable_leak_check() != 0) return true;
#endif
#ifdef LASTREF_MEMCHECK
  VALGRIND_DO_QUICK_LEAK_CHECK;
  unsigned long leaked = 0;
  [[maybe_unused]] unsigned long dubious = 0;
  [[maybe_unused]] unsigned long reachable = 0;
  [[maybe_unused]] unsigned long suppressed = 0;
  VALGRIND_COUNT_LEAKS(leaked, dubious, reachable, suppressed);
  if (leaked != 0) return true;
#endif
  return false;
}

volatile std::uint64_t* map_progress(const char* path) {
  const int file = open(path, O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, sizeof(std::uint64_t)) != 0) return nullptr;
  void* const mapped =
      mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return mapped == MAP_FAILED ? nullptr : static_cast<volatile std::uint64_t*>(mapped);
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) {
    std::fprintf(stderr, "Usage: plain_calls LIBRARY SEED PROGRAMS SECONDS PROGRESS\n");
    return kUsage;
  }
  const std::uint64_t seed = std::strtoull(words[2], nullptr, 10);
  const std::uint64_t programs = std::strtoull(words[3], nullptr, 10);
  const double seconds = std::strtod(words[4], nullptr);
  volatile std::uint64_t* const progress = map_progress(words[5]);
  if (progress == nullptr) {
    std::perror(words[5]);
    return kUsage;
  }
  plain::Calls calls(plain::load(words[1]));
  for (std::uint64_t i = 0; i < programs; ++i) {
    *progress = i + 1;
    Random random{seed * 0x100000001b3 + i};
    calls.run([&random](std::uint32_t bound) { return random.below(bound); });
    if ((i + 1) % kLookEvery != 0 && i + 1 != programs) continue;
    if (has_leaked()) return kLeaked;
    if (static_cast<double>(std::clock()) / CLOCKS_PER_SEC > seconds) break;
  }
  return 0;
}
