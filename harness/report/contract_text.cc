#include "harness/report/contract_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace lastref {
namespace {

constexpr std::string_view kHead =
    "# The contract\n"
    "\n"
    "<!-- Made by `lastref contract --markdown`, with every adapter built; a test compares it. "
    "-->\n"
    "\n"
    "The manuals leave choices open, and the libraries made them. Each is a switch: the model "
    "asks\n"
    "the switch and never which library it judges. A switch needs a source that grants the "
    "choice;\n"
    "behaviour that breaks a sentence of a manual is a finding, and no switch. What follows is "
    "every\n"
    "switch with its values (the default first), its source, what each target chose, and a "
    "program\n"
    "that shows the difference: clean on a target of the one value, and not clean when it is "
    "judged\n"
    "by another, as `lastref run --contract SWITCH=VALUE` does.\n"
    "\n"
    "What a target chose is declared by its adapter, and holds for every version of its library "
    "that\n"
    "the adapter was run on; [versions.md](versions.md) names them.\n";

std::string values_of(const SwitchRow& row) {
  const Contract manual;
  const int count = value_count(row.id);
  if (count == 0) return fmt::format("a number, `{}` by default", manual.text(row.id));
  std::vector<std::string> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int value = 0; value < count; ++value) {
    values.push_back(fmt::format("`{}`", value_text(row.id, value)));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

std::string section(const SwitchRow& row, std::span<const TargetContract> targets) {
  std::string text = fmt::format(
      "\n## {}\n\n{}\n\n- Values: {}\n- Source: {}\n- Program: [{}](../{})\n\n"
      "| Target | Value |\n|---|---|\n",
      row.name, row.question, values_of(row), row.source, contract_trace(row), contract_trace(row));
  for (const TargetContract& of : targets) {
    text += fmt::format("| {} | `{}` |\n", of.target, of.contract.text(row.id));
  }
  return text;
}

}  // namespace

std::string contract_trace(const SwitchRow& row) {
  return fmt::format("corpus/contract/{}.trace", row.name);
}

std::string contract_text(const Contract& contract) {
  const Contract manual;
  std::string text;
  for (const SwitchRow& row : switch_table()) {
    const bool differs = contract.value(row.id) != manual.value(row.id);
    text += fmt::format("{} = {}{}\n  {}\n  source   {}\n  program  {}\n", row.name,
                        contract.text(row.id),
                        differs ? fmt::format("  (default: {})", manual.text(row.id)) : "",
                        row.question, row.source, contract_trace(row));
  }
  return text;
}

std::string contract_markdown(std::vector<TargetContract> targets) {
  std::sort(targets.begin(), targets.end(),
            [](const TargetContract& a, const TargetContract& b) { return a.target < b.target; });
  std::string text(kHead);
  for (const SwitchRow& row : switch_table()) text += section(row, targets);
  return text;
}

}  // namespace lastref
