#include "harness/vocabulary/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace lastref {
namespace {

constexpr std::array<SwitchRow, kSwitchCount> kSwitches = {{
#define LASTREF_SWITCH(id, name, values, question, source) \
  SwitchRow{Switch::id, name, values, question, source},
#include "harness/vocabulary/contract.def"
#undef LASTREF_SWITCH
}};

constexpr HazardRow kHazards[] = {
#define LASTREF_HAZARD(id, name, kind, meaning) \
  HazardRow{Hazard::id, name, HazardKind::kind, meaning},
#include "harness/vocabulary/hazard.def"
#undef LASTREF_HAZARD
};

bool is_number(const SwitchRow& row) { return row.values.front() == '#'; }

std::optional<std::int32_t> number(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The word at `index` of a list separated by single spaces; empty when there is none.
std::string_view word(std::string_view list, std::int32_t index) {
  while (index-- > 0) {
    const std::size_t space = list.find(' ');
    if (space == std::string_view::npos) return {};
    list.remove_prefix(space + 1);
  }
  return list.substr(0, list.find(' '));
}

const SwitchRow& row_of(Switch of) { return kSwitches[static_cast<std::size_t>(of)]; }

}  // namespace

std::span<const SwitchRow> switch_table() { return kSwitches; }

std::optional<Switch> switch_named(std::string_view name) {
  for (const SwitchRow& row : kSwitches) {
    if (row.name == name) return row.id;
  }
  return std::nullopt;
}

std::optional<std::int32_t> value_named(Switch of, std::string_view value) {
  const SwitchRow& row = row_of(of);
  if (is_number(row)) return number(value);
  for (std::int32_t i = 0; !word(row.values, i).empty(); ++i) {
    if (word(row.values, i) == value) return i;
  }
  return std::nullopt;
}

std::string value_text(Switch of, std::int32_t value) {
  const SwitchRow& row = row_of(of);
  return is_number(row) ? std::to_string(value) : std::string(word(row.values, value));
}

int value_count(Switch of) {
  const SwitchRow& row = row_of(of);
  if (is_number(row)) return 0;
  int count = 0;
  while (!word(row.values, count).empty()) ++count;
  return count;
}

std::span<const HazardRow> hazard_table() { return kHazards; }

std::optional<Hazard> hazard_named(std::string_view name) {
  for (const HazardRow& row : kHazards) {
    if (row.name == name) return row.id;
  }
  return std::nullopt;
}

Contract::Contract() {
  for (const SwitchRow& row : kSwitches) {
    values_[static_cast<std::size_t>(row.id)] =
        is_number(row) ? number(row.values.substr(1)).value_or(0) : 0;
  }
}

std::string Contract::set(std::string_view name, std::string_view value) {
  const std::optional<Switch> of = switch_named(name);
  if (!of) return fmt::format("no switch is called '{}'", name);
  const std::optional<std::int32_t> parsed = value_named(*of, value);
  if (!parsed) {
    const SwitchRow& row = row_of(*of);
    return fmt::format("switch '{}' has no value '{}'; expected {}", name, value,
                       is_number(row) ? std::string_view("a number") : row.values);
  }
  values_[static_cast<std::size_t>(*of)] = *parsed;
  return {};
}

std::string Contract::set_words(std::string_view text) {
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string_view value = word.substr(std::min(equals + 1, word.size()));
    if (std::string error = set(word.substr(0, equals), value); !error.empty()) return error;
  }
  return {};
}

std::string Contract::text(Switch of) const { return value_text(of, value(of)); }

}  // namespace lastref
