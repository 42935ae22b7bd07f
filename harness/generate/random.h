// The random stream of a program: the same seed and index give the same program, on any machine and
// for any number of jobs. SplitMix64 (Steele, Lea, Flood 2014): one multiply chain a number, and
// any two seeds give unrelated streams.
#ifndef LASTREF_HARNESS_GENERATE_RANDOM_H_
#define LASTREF_HARNESS_GENERATE_RANDOM_H_

#include <cstdint>

namespace lastref {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t index)
      : state_(mix(seed + 0x9e3779b97f4a7c15ULL) ^ mix(index * 0xd1342543de82ef95ULL + 1)) {}

  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }

  // Uniform in [0, bound), bound at least 1 and below 2^32 (Lemire's multiply and shift; the bias
  // of at most bound / 2^32 does not matter here).
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  // The smaller of two draws: low indices, where the common values stand, come more often.
  std::uint32_t low(std::uint32_t bound) {
    const std::uint64_t both = next();
    const std::uint64_t a = both >> 32;
    const std::uint64_t b = both & 0xffffffffU;
    return static_cast<std::uint32_t>(((a < b ? a : b) * bound) >> 32);
  }

  // True once in `n`.
  bool one_in(std::uint32_t n) { return below(n) == 0; }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_RANDOM_H_
