#include "harness/program/suggestion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lastref {
namespace {

// Longer words are no slips of the keyboard, and the distance costs their length squared.
constexpr std::size_t kMaxLength = 64;

// Optimal string alignment: three rows of the usual table.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
  }
  return current[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  if (word.empty() || word.size() > kMaxLength) return {};
  // A third of the letters may be wrong; with more, any short word would be near.
  std::size_t bound = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string_view best;
  for (const std::string_view name : names) {
    const std::size_t far = distance(word, name);
    if (far < bound && far < word.size()) {
      best = name;
      bound = far;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view best = nearest(word, names);
  return best.empty() ? std::string() : fmt::format("did you mean '{}'?", best);
}

}  // namespace lastref
