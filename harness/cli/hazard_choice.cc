#include "harness/cli/hazard_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {

Hazards HazardChoice::on(Hazards of_baseline) const {
  Hazards hazards = named;
  for (const HazardRow& row : hazard_table()) {
    if (known && of_baseline.has(row.id)) hazards.add(row.id);
    if (dropped.has(row.id)) hazards.remove(row.id);
  }
  return hazards;
}

HazardChoice parse_hazards(std::string_view text) {
  HazardChoice choice;
  if (text == "none") return choice;
  std::vector<std::string_view> names = {"known", "none"};
  for (const HazardRow& row : hazard_table()) names.push_back(row.name);
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, comma);
    const bool drops = word.starts_with('-');
    if (drops) word.remove_prefix(1);
    if (word == "known" && !drops) {
      choice.known = true;
    } else if (const auto hazard = hazard_named(word)) {
      (drops ? choice.dropped : choice.named).add(*hazard);
    } else {
      const std::string meant = did_you_mean(word, names);
      throw usage_failure(fmt::format(
          "--hazards: found {}, expected 'known', 'none', or names separated by commas; {}",
          show_word(word),
          meant.empty()
              ? fmt::format("the names are {}", fmt::join(names.begin() + 2, names.end(), ", "))
              : meant));
    }
    if (comma == text.size()) return choice;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace lastref
