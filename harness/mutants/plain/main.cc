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

#include <chrono>
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
// A look for leaks takes a thousand times as long as a program, and on a busy machine, where what
// looks waits for what it stops, far longer. So no look before so many programs,
constexpr std::uint64_t kLookEvery = 256;
// and none before they have taken as long as the look before.
class Looks {
 public:
  bool due(std::uint64_t programs) const {
    return programs % kLookEvery == 0 && Clock::now() - looked_ >= taken_;
  }
  bool find_leak();

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point looked_ = Clock::now();
  Clock::duration taken_{};
};

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

// Asks the clock as seldom as leaks are looked for at most.
bool used_up(std::uint64_t programs, double seconds) {
  return programs % kLookEvery == 0 && static_cast<double>(std::clock()) / CLOCKS_PER_SEC > seconds;
}

bool Looks::find_leak() {
  const Clock::time_point begun = Clock::now();
  const bool leaked = has_leaked();
  looked_ = Clock::now();
  taken_ = looked_ - begun;
  return leaked;
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
  Looks looks;
  for (std::uint64_t i = 0; i < programs; ++i) {
    *progress = i + 1;
    Random random{seed * 0x100000001b3 + i};
    calls.run([&random](std::uint32_t bound) { return random.below(bound); });
    const bool over = i + 1 == programs || used_up(i + 1, seconds);
    if (!over && !looks.due(i + 1)) continue;
    if (looks.find_leak()) return kLeaked;
    if (over) break;
  }
  return 0;
}
