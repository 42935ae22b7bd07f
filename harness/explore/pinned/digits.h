// Sixteen digits of four bits in one word, counted from the lowest.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_DIGITS_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_DIGITS_H_

#include <cstdint>

namespace lastref {

using Digits = std::uint64_t;

inline constexpr Digits kOnes = 0x1111111111111111U;  // a 1 in each digit

constexpr int digit(Digits all, int place) { return static_cast<int>(all >> (4 * place) & 15U); }

constexpr Digits at_digit(int value, int place) {
  return static_cast<Digits>(static_cast<unsigned>(value)) << (4 * place);
}

constexpr Digits with_digit(Digits all, int place, int value) {
  return (all & ~at_digit(15, place)) | at_digit(value, place);
}

// The lowest digits, all bits of them.
constexpr Digits low_digits(int count) {
  return count >= 16 ? ~Digits{0} : (Digits{1} << (4 * count)) - 1;
}

// A 1 in each digit that has a 1 in `ones` and is `value`; the others in `all` are 0. Digits and
// value are below 8: then adding 7 to the difference sets the upper bit of those that differ.
constexpr Digits digits_with(Digits all, unsigned value, Digits ones) {
  const Digits differ = (all ^ ones * value) + 7 * ones;
  return ~differ >> 3 & ones;
}

// How many digits that is; at most 15, so that the product's sum of all digits is one digit.
constexpr int count_digits(Digits all, unsigned value, Digits ones) {
  return static_cast<int>(digits_with(all, value, ones) * kOnes >> 60);
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_DIGITS_H_
