#include "harness/cli/contract_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

// What to do about a word that no switch is called.
std::string advice(std::string_view name) {
  std::vector<std::string_view> names;
  for (const SwitchRow& row : switch_table()) names.push_back(row.name);
  const std::string meant = did_you_mean(name, names);
  return meant.empty() ? fmt::format("the switches are {}", fmt::join(names, ", ")) : meant;
}

void read(std::string_view word, ContractMarks& marks) {
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(std::min(equals + 1, word.size()));
  const std::optional<Switch> of = switch_named(name);
  if (!of) {
    throw usage_failure(
        fmt::format("--contract: found {}, expected SWITCH=VALUE,... with a switch that 'lastref "
                    "contract' lists; {}",
                    show_word(word), advice(name)));
  }
  if (marks.has(*of)) {
    throw usage_failure(
        fmt::format("--contract: found {} a second time, expected each switch once", name));
  }
  const std::optional<std::int32_t> found = value_named(*of, value);
  if (!found) {
    throw usage_failure(fmt::format(
        "--contract: found {}, expected {}={}", show_word(word), name,
        value_count(*of) == 0 ? std::string("NUMBER")
                              : fmt::format("VALUE with one of {}",
                                            switch_table()[static_cast<std::size_t>(*of)].values)));
  }
  marks.set(*of, *found);
}

}  // namespace

ContractMarks parse_contract(std::string_view text) {
  ContractMarks marks;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    read(text.substr(0, comma), marks);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return marks;
}

}  // namespace lastref
