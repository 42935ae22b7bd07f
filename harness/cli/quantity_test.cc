#include "harness/cli/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

std::string error_of(const char* budget) {
  try {
    parse_budget(budget);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::kUsage);
    return failure.what();
  }
  return "no error";
}

TEST(Budget, CountsPrograms) {
  EXPECT_EQ(parse_budget("1").programs, 1U);
  EXPECT_EQ(parse_budget("100000").programs, 100'000U);
  EXPECT_EQ(parse_budget("300k").programs, 300'000U);
  EXPECT_EQ(parse_budget("2M").programs, 2'000'000U);
  EXPECT_EQ(parse_budget("2M").seconds, 0);
  EXPECT_EQ(parse_budget("10000000M").programs, kMaxPrograms);
}

TEST(Budget, MeasuresTime) {
  EXPECT_EQ(parse_budget("30s").seconds, 30);
  EXPECT_EQ(parse_budget("10m").seconds, 600);
  EXPECT_EQ(parse_budget("8h").seconds, 28'800);
  EXPECT_EQ(parse_budget("8h").programs, 0U);
  EXPECT_EQ(parse_budget("8784h").seconds, static_cast<double>(kMaxSeconds));
}

TEST(Budget, NothingIsNoBudget) {
  for (const char* text : {"0", "0s", "00", "0M"}) {
    EXPECT_THAT(error_of(text), testing::HasSubstr("more than nothing")) << text;
  }
}

TEST(Budget, TooMuchIsRefused) {
  for (const char* text : {"10000000000001", "10000001M", "18446744073709551616",
                           "18446744073709551615k", "99999999999999999999999999M"}) {
    EXPECT_THAT(error_of(text), testing::HasSubstr("at most 10000000000000 programs")) << text;
  }
  EXPECT_THAT(error_of("8785h"), testing::HasSubstr("at most a year"));
}

TEST(Budget, OtherTextIsRefused) {
  for (const char* text : {"", " ", "M", "s", "-1", "+1", "1.5M", "1 M", "1K", "1Mb", "0x10", "1e6",
                           " 1", "1 ", "ten", "1mM"}) {
    EXPECT_THAT(error_of(text), testing::HasSubstr("a number of programs such as")) << text;
  }
}

TEST(Number, IsWithinItsBounds) {
  EXPECT_EQ(parse_number("--n", "1", 1, 5), 1U);
  EXPECT_EQ(parse_number("--n", "5", 1, 5), 5U);
  for (const char* text : {"0", "6", "", "-1", "1x", "99999999999999999999999"}) {
    EXPECT_THROW(parse_number("--n", text, 1, 5), Failure) << text;
  }
}

TEST(Count, HasThousandsAndMillionsToo) {
  EXPECT_EQ(parse_count("--n", "7", 1, 2'000'000), 7U);
  EXPECT_EQ(parse_count("--n", "300k", 1, 2'000'000), 300'000U);
  EXPECT_EQ(parse_count("--n", "2M", 1, 2'000'000), 2'000'000U);
  for (const char* text : {"", "k", "0", "0k", "3M", "2001k", "30s", "1kM", "18446744073709552k"}) {
    EXPECT_THROW(parse_count("--n", text, 1, 2'000'000), Failure) << text;
  }
}

TEST(Number, SeedsTakeAllOf64Bits) {
  const std::uint64_t most = ~std::uint64_t{0};
  EXPECT_EQ(parse_number("--seed", "18446744073709551615", 0, most), most);
  EXPECT_THROW(parse_number("--seed", "18446744073709551616", 0, most), Failure);
}

}  // namespace
}  // namespace lastref
