#include "harness/cli/version_range.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

bool contains(const char* range, const char* library) {
  const auto parsed = VersionRange::parse(range);
  if (!parsed) {
    ADD_FAILURE() << range;
    return false;
  }
  return parsed->contains(version_in(library));
}

TEST(Version, IsFoundInALibrarysText) {
  EXPECT_EQ(version_in("OpenSSL 3.0.22 25 Aug 2026"), (Version{3, 0, 22}));
  EXPECT_EQ(version_in("OpenSSL 1.1.1w  11 Sep 2023"), (Version{1, 1, 1, 23}));
  EXPECT_EQ(version_in("5.5.4"), (Version{5, 5, 4}));
  EXPECT_EQ(version_in("BoringSSL"), std::nullopt);
  EXPECT_EQ(version_in("reference 25"), std::nullopt);
  EXPECT_EQ(version_in(""), std::nullopt);
}

TEST(Version, OtherTextIsNone) {
  for (const char* text : {"", "3.", ".3", "3..0", "x", "3.0x1", "3.0-dev", "99999999999999"}) {
    EXPECT_EQ(parse_version(text), std::nullopt) << text;
  }
}

TEST(Range, BothEndsBelongToIt) {
  EXPECT_TRUE(contains("3.0.0..3.0.99", "OpenSSL 3.0.0"));
  EXPECT_TRUE(contains("3.0.0..3.0.99", "OpenSSL 3.0.99"));
  EXPECT_FALSE(contains("3.0.0..3.0.99", "OpenSSL 3.1.0"));
  EXPECT_FALSE(contains("3.0.0..3.0.99", "OpenSSL 1.1.1w"));
}

TEST(Range, NumbersAreComparedAsNumbers) {
  EXPECT_TRUE(contains("3.0.9..", "OpenSSL 3.0.22"));
  EXPECT_TRUE(contains("1.1.1a..1.1.1w", "OpenSSL 1.1.1k"));
  EXPECT_FALSE(contains("1.1.1a..1.1.1k", "OpenSSL 1.1.1w"));
}

TEST(Range, EndsMayBeLeftOut) {
  EXPECT_TRUE(contains("3.0.0..", "OpenSSL 4.1.0"));
  EXPECT_TRUE(contains("..3.0.22", "OpenSSL 3.0.22"));
  EXPECT_FALSE(contains("..3.0.22", "OpenSSL 3.0.23"));
}

TEST(Range, LibraryWithoutAVersionIsOnlyInTheOneWithoutEnds) {
  EXPECT_TRUE(contains("..", "BoringSSL"));
  EXPECT_FALSE(contains("3.0.0..", "BoringSSL"));
}

TEST(Range, OtherTextIsNone) {
  for (const char* text : {"", "3.0.0", "3.0.0-3.0.9", "3.0.9..3.0.0", "a..b", "3.0.0...3.0.9"}) {
    EXPECT_FALSE(VersionRange::parse(text)) << text;
  }
}

}  // namespace
}  // namespace lastref
