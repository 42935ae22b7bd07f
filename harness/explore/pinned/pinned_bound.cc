#include "harness/explore/pinned/pinned_bound.h"

#include <fmt/format.h>

#include <charconv>

namespace lastref {

std::string text(const PinnedBound& bound) {
  return fmt::format("M({},{},{})", bound.slots, bound.handles, bound.cache);
}

bool read_bound(std::string_view text, PinnedBound& bound) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int* number : {&bound.slots, &bound.handles, &bound.cache}) {
    if (number != &bound.slots && (at == end || *at++ != ',')) return false;
    const auto [rest, error] = std::from_chars(at, end, *number);
    // Two digits at most: a sum of such numbers does not overflow.
    if (error != std::errc() || rest - at > 2) return false;
    at = rest;
  }
  return at == end && fits(bound);
}

}  // namespace lastref
