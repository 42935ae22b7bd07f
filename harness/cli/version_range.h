// Versions of libraries, and ranges of them.
#ifndef LASTREF_HARNESS_CLI_VERSION_RANGE_H_
#define LASTREF_HARNESS_CLI_VERSION_RANGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastref {

// "3.0.22" or "1.1.1w": numbers, compared one by one; a missing one is 0, a letter behind the last
// number is one more.
using Version = std::vector<std::uint32_t>;

std::optional<Version> parse_version(std::string_view text);

// The first word of a library's own text that is a version with at least one dot: 3.0.22 of
// "OpenSSL 3.0.22 25 Aug 2026".
std::optional<Version> version_in(std::string_view text);

// "3.0.0..3.0.99", "3.0.0..", "..3.0.22", "..": both ends belong to it.
class VersionRange {
 public:
  static std::optional<VersionRange> parse(std::string_view text);
  // A library that names no version is only in the range without ends.
  bool contains(const std::optional<Version>& version) const;

 private:
  std::optional<Version> least_;
  std::optional<Version> most_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_VERSION_RANGE_H_
