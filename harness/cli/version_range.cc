#include "harness/cli/version_range.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace lastref {
namespace {

bool less(const Version& a, const Version& b) {
  const std::size_t size = std::max(a.size(), b.size());
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t x = i < a.size() ? a[i] : 0;
    const std::uint32_t y = i < b.size() ? b[i] : 0;
    if (x != y) return x < y;
  }
  return false;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  for (;;) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    version.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return version;
    if (text.size() == 1 && text[0] >= 'a' && text[0] <= 'z') {
      version.push_back(static_cast<std::uint32_t>(text[0] - 'a' + 1));
      return version;
    }
    if (text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
}

std::optional<Version> version_in(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (word.find('.') != std::string_view::npos) {
      if (auto version = parse_version(word)) return version;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

std::optional<VersionRange> VersionRange::parse(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const std::string_view least = text.substr(0, dots);
  const std::string_view most = text.substr(dots + 2);
  VersionRange range;
  if (!least.empty() && !(range.least_ = parse_version(least))) return std::nullopt;
  if (!most.empty() && !(range.most_ = parse_version(most))) return std::nullopt;
  if (range.least_ && range.most_ && less(*range.most_, *range.least_)) return std::nullopt;
  return range;
}

bool VersionRange::contains(const std::optional<Version>& version) const {
  if (!least_ && !most_) return true;
  if (!version) return false;
  return !(least_ && less(*version, *least_)) && !(most_ && less(*most_, *version));
}

}  // namespace lastref
