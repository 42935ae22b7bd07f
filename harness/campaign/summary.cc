#include "harness/campaign/summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastref {
namespace {

// Text within a table of Markdown.
std::string cell(std::string text) {
  std::ranges::replace(text, '|', ' ');
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string outcome(const FindingGroup& group) {
  if (group.name == kNotSeenAgain) return "not seen again";
  return group.known.empty() ? "new" : "known: " + group.known;
}

std::string program_link(const FindingGroup& group) {
  if (group.operations == 0) return fmt::format("findings/{}/{}/inputs", group.fuzzer, group.name);
  return fmt::format("findings/{}/{}/program.trace, {} operations", group.fuzzer, group.name,
                     group.operations);
}

}  // namespace

std::string campaign_page(const CampaignRecord& record,
                          const std::map<std::string, KeptInputs>& kept,
                          const std::vector<FindingGroup>& groups) {
  std::string page = fmt::format(
      "# Campaign\n\n{} s in {} run{}, first seed {}.\n\n"
      "| fuzzer | inputs run | seconds | a second | features | corpus | not looked at |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n",
      record.seconds, record.runs, record.runs == 1 ? "" : "s", record.seed);
  for (const auto& [name, tally] : record.fuzzers) {
    const auto found = kept.find(name);
    const KeptInputs of = found == kept.end() ? KeptInputs{} : found->second;
    page += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", name, tally.inputs, tally.seconds,
                        tally.seconds == 0 ? 0 : tally.inputs / tally.seconds, tally.features,
                        of.corpus, of.waiting);
  }
  for (const auto& [name, tally] : record.fuzzers) {
    if (!tally.trouble.empty()) page += fmt::format("\n{}: {}\n", name, tally.trouble);
  }
  if (groups.empty()) return page + "\nNothing was found.\n";
  page +=
      "\n| finding | outcome | inputs that showed it | smallest program | what it is |\n"
      "|---|---|---:|---|---|\n";
  for (const FindingGroup& group : groups) {
    page += fmt::format("| {} {} | {} | {} | {} | {} |\n", group.fuzzer, group.name,
                        cell(outcome(group)), group.seen, program_link(group), cell(group.about));
  }
  return page;
}

}  // namespace lastref
