#include "harness/cli/quantity.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

#include "harness/cli/exit_code.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

constexpr std::string_view kBudgets =
    "a number of programs such as 100000, 300k or 2M, or a time such as 30s, 10m or 8h";

struct Unit {
  char letter;
  std::uint64_t factor;
  bool is_time;
};
constexpr Unit kUnits[] = {{'k', 1'000, false},
                           {'M', 1'000'000, false},
                           {'s', 1, true},
                           {'m', 60, true},
                           {'h', 3600, true}};

// Digits only: no sign, no blank, no fraction. Nothing for any other text; overflow is `too_large`.
std::optional<std::uint64_t> digits(std::string_view text, bool& too_large) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  too_large = error == std::errc::result_out_of_range;
  if (too_large) return std::uint64_t{0};
  if (error != std::errc{}) return std::nullopt;
  return value;
}

// The unit that the text ends with, which is taken off it; that of a plain number for none.
Unit take_unit(std::string_view& text) {
  for (const Unit& known : kUnits) {
    if (!text.ends_with(known.letter)) continue;
    text.remove_suffix(1);
    return known;
  }
  return {' ', 1, false};
}

[[noreturn]] void fail_budget(std::string_view text, std::string_view expected) {
  throw usage_failure(
      fmt::format("--budget: found {}, expected {}; give --budget 100000 for a first look",
                  show_word(text), expected));
}

}  // namespace

std::uint64_t parse_number(std::string_view option, std::string_view text, std::uint64_t least,
                           std::uint64_t most) {
  bool too_large = false;
  const auto value = digits(text, too_large);
  if (value && !too_large && *value >= least && *value <= most) return *value;
  throw usage_failure(fmt::format("{}: found {}, expected a whole number from {} to {}; change it",
                                  option, show_word(text), least, most));
}

std::uint64_t parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                          std::uint64_t most) {
  std::string_view number = text;
  const Unit unit = take_unit(number);
  bool too_large = false;
  const auto value = digits(number, too_large);
  if (value && !unit.is_time && !too_large && *value <= most / unit.factor &&
      *value * unit.factor >= least) {
    return *value * unit.factor;
  }
  throw usage_failure(
      fmt::format("{}: found {}, expected a whole number from {} to {}, such as 300k; change it",
                  option, show_word(text), least, most));
}

Budget parse_budget(std::string_view text) {
  std::string_view number = text;
  const Unit unit = take_unit(number);
  bool too_large = false;
  const auto value = digits(number, too_large);
  if (!value) fail_budget(text, kBudgets);
  const std::uint64_t most = unit.is_time ? kMaxSeconds : kMaxPrograms;
  if (too_large || *value > most / unit.factor) {
    fail_budget(text, unit.is_time ? "at most a year (8784h)"
                                   : fmt::format("at most {} programs", kMaxPrograms));
  }
  if (*value == 0) fail_budget(text, fmt::format("more than nothing: {}", kBudgets));
  Budget budget;
  if (unit.is_time) {
    budget.seconds = static_cast<double>(*value * unit.factor);
  } else {
    budget.programs = *value * unit.factor;
  }
  return budget;
}

}  // namespace lastref
