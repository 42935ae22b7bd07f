// Random well-formed programs for tests. They are as good as never legal.
#ifndef LASTREF_HARNESS_PROGRAM_RANDOM_PROGRAM_H_
#define LASTREF_HARNESS_PROGRAM_RANDOM_PROGRAM_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "harness/program/binary.h"

namespace lastref {

// A generator whose seed is printed, and is that of $LASTREF_TEST_SEED if it is set.
inline std::mt19937_64 seeded_random() {
  const char* given = std::getenv("LASTREF_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : 20;
  std::cout << "LASTREF_TEST_SEED=" << seed << "\n";
  return std::mt19937_64(seed);
}

inline std::vector<std::uint8_t> random_bytes(std::mt19937_64& random, std::size_t at_most) {
  std::vector<std::uint8_t> bytes(random() % (at_most + 1));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

inline Program random_program(std::mt19937_64& random) {
  return decode_program(random_bytes(random, 3 * kMaxOperations));
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_RANDOM_PROGRAM_H_
