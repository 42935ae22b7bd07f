#include "harness/report/explore_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/report/json_report.h"

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

Json names_json(const std::vector<Op>& codes) {
  Json names = Json::array();
  for (const Op code : codes) names.push_back(row(code).name);
  return names;
}

// Everything that the model alone decides.
Json space_json(const ExploreReport& report) {
  Json space;
  space["complete"] = report.census_complete;
  space["states"] = report.states;
  space["transitions"] = report.transitions;
  space["depth"] = report.depth;
  Json of = Json::object();
  for (const OperationRow& operation : operation_table()) {
    const std::uint64_t count = report.transitions_of[static_cast<std::size_t>(operation.code)];
    if (count != 0) of[std::string(operation.name)] = count;
  }
  space["transitions_of"] = std::move(of);
  Json left_out;
  left_out["beyond_bound"] = report.left_out.beyond_bound;
  left_out["behind_hazards"] = report.left_out.hazard;
  left_out["beyond_model"] = report.left_out.beyond_model;
  left_out["states_at_depth"] = report.at_depth;
  left_out["states_too_long"] = report.too_long;
  left_out["not_in_bound"] = names_json(report.not_in_bound);
  left_out["target_cannot"] = names_json(report.cannot);
  Json never = Json::array();
  for (const OperationRow& operation : operation_table()) {
    const auto has = [&operation](const std::vector<Op>& codes) {
      return std::find(codes.begin(), codes.end(), operation.code) != codes.end();
    };
    const bool none = report.transitions_of[static_cast<std::size_t>(operation.code)] == 0;
    if (none && !has(report.not_in_bound) && !has(report.cannot)) never.push_back(operation.name);
  }
  left_out["never_legal"] = std::move(never);
  space["left_out"] = std::move(left_out);
  return space;
}

Json run_json(const ExploreInput& input) {
  const ExploreReport& report = input.report;
  Json run;
  run["lastref"] = input.lastref_version;
  run["jobs"] = input.jobs;
  run["seconds"] = report.seconds;
  run["model_seconds"] = report.model_seconds;
  run["target_seconds"] = report.target_seconds;
  run["model_processor_seconds"] = report.model_processor_seconds;
  run["target_processor_seconds"] = report.target_processor_seconds;
  run["resumed_programs"] = report.resumed_programs;
  return run;
}

std::string names_text(const Json& names) {
  return fmt::format("{}", fmt::join(names.get<std::vector<std::string>>(), " "));
}

// A line for each thing that there is.
std::string left_out_text(const ExploreSummary& summary) {
  const Json& left_out = summary.space.at("left_out");
  std::string text;
  const auto add_names = [&](const char* key, std::string_view what) {
    const Json& names = left_out.at(key);
    if (!names.empty()) text += fmt::format("  {}: {}\n", what, names_text(names));
  };
  const auto add_count = [&](const char* key, std::string_view what) {
    const auto count = left_out.at(key).get<std::uint64_t>();
    if (count != 0) text += fmt::format("  {} {}\n", grouped(count), what);
  };
  add_names("not_in_bound", "operations that the bound has not");
  add_names("target_cannot", "operations that the target cannot do");
  add_names("never_legal", "operations that no state of the bound allows");
  add_count("beyond_bound", "legal transitions that lead out of the bound");
  add_count("behind_hazards", "transitions behind known bugs (--hazards none has them)");
  add_count("beyond_model", "transitions beyond what the harness or the manuals say");
  add_count("states_at_depth", "states at the depth of the bound, of which nothing is tried");
  add_count("states_too_long", "states to which a program is as long as programs get");
  text += fmt::format(
      "  values of operands beyond those of the bound; threads; failing allocations{}\n",
      summary.all_programs ? ""
                           : "; what a target remembers and the model does not, but for one "
                             "shortest way to each state");
  return text;
}

std::string coverage_text(const Json& space) {
  const Json& of = space.at("transitions_of");
  std::string text = fmt::format("coverage    {} of {} operations of the table, in transitions\n",
                                 of.size(), operation_table().size());
  std::string line;
  constexpr std::size_t kWidth = 96;
  for (const auto& [name, count] : of.items()) {
    const std::string word = fmt::format("{} {}", name, grouped(count.get<std::uint64_t>()));
    if (line.size() + word.size() > kWidth) {
      text += fmt::format("  {}\n", line);
      line.clear();
    }
    line = line.empty() ? word : fmt::format("{}, {}", line, word);
  }
  return text + fmt::format("  {}\n", line);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  constexpr std::uint64_t kGroup = 1000;
  if (number < kGroup) return fmt::format("{}", number);
  return fmt::format("{},{:03}", grouped(number / kGroup), number % kGroup);
}

Json explore_json(const ExploreInput& input) {
  const ExploreReport& report = input.report;
  Json json;
  json["format"] = kJsonFormat;
  json["exploration"] = report.all_programs ? "all programs" : "all transitions";
  json["model_only"] = report.model_only;
  json["target"] = report.target;
  json["library"] = report.version;
  json["contract"] = contract_json(input.contract);
  json["hazards"] = hazards_json(input.contract.hazards);
  json["bound"] = report.bound;
  json["operations"] = report.operations;
  json["could_not_run"] = report.could_not_run.empty() ? Json() : Json(report.could_not_run);
  json["internal_error"] = report.internal_error.empty() ? Json() : Json(report.internal_error);
  json["space"] = space_json(report);
  json["shard"] = Json{{"number", report.shard.number}, {"count", report.shard.count}};
  json["states"] = report.shard_states;
  json["transitions"] = report.shard_transitions;
  json["programs"] = report.shard_programs;
  json["transitions_done"] = report.transitions_done;
  json["programs_done"] = report.programs_done;
  json["verdicts"] = report.verdicts;
  json["stopped"] = report.stopped;
  json["complete"] = report.complete();
  json["findings"] = findings_json(report.findings, input.contract);
  json["unreproduced"] = findings_json(report.unreproduced, input.contract);
  json["statement"] = "";
  json["statement"] = statement(summary_of(json));
  json["run"] = run_json(input);
  return json;
}

ExploreSummary summary_of(const Json& json) {
  ExploreSummary summary;
  summary.target = json.at("target").get<std::string>();
  summary.version = json.at("library").get<std::string>();
  summary.contract = json.at("contract");
  summary.hazards = json.at("hazards");
  summary.bound = json.at("bound").get<std::string>();
  summary.operations = json.at("operations").get<std::string>();
  summary.all_programs = json.at("exploration") == "all programs";
  summary.model_only = json.at("model_only").get<bool>();
  summary.space = json.at("space");
  const int number = json.at("shard").at("number").get<int>();
  summary.shards = json.at("shard").at("count").get<int>();
  if (summary.shards > 1) summary.parts = fmt::format("shard {} of {}", number, summary.shards);
  summary.states = json.at("states").get<std::uint64_t>();
  summary.transitions = json.at("transitions").get<std::uint64_t>();
  summary.transitions_done = json.at("transitions_done").get<std::uint64_t>();
  summary.programs = json.at("programs").get<std::uint64_t>();
  summary.programs_done = json.at("programs_done").get<std::uint64_t>();
  summary.verdicts = json.at("verdicts").get<std::uint64_t>();
  summary.complete = json.at("complete").get<bool>();
  return summary;
}

std::string statement(const ExploreSummary& summary) {
  std::string what;
  if (summary.all_programs) {
    what = fmt::format("programs of the bound {}", summary.bound);
  } else {
    what = fmt::format("transitions of {} states within the bound {}",
                       grouped(summary.space.at("states").get<std::uint64_t>()), summary.bound);
  }
  what += fmt::format(" over {}", summary.operations);
  if (!summary.hazards.empty()) {
    what += fmt::format(" that go round {}", names_text(summary.hazards));
  }
  if (!summary.parts.empty()) what += fmt::format(" ({})", summary.parts);
  if (summary.model_only) {
    return fmt::format("none of {} {} was exercised on {}: the model alone was asked",
                       grouped(summary.space.at("transitions").get<std::uint64_t>()), what,
                       summary.version);
  }
  const std::string done = grouped(summary.transitions_done);
  if (summary.complete && summary.verdicts == 0) {
    return fmt::format("all {} {} agree on {}", done, what, summary.version);
  }
  if (summary.complete) {
    return fmt::format("{} of {} {} agree on {}, and {} programs of theirs fail", done,
                       grouped(summary.transitions), what, summary.version,
                       grouped(summary.verdicts));
  }
  return fmt::format("not done: {} of {} {} were exercised on {}, {} programs failed", done,
                     grouped(summary.transitions), what, summary.version,
                     grouped(summary.verdicts));
}

std::string summary_text(const ExploreSummary& summary) {
  const Json& space = summary.space;
  std::string text = fmt::format(
      "model       {} states, {} transitions, depth {}{}\n",
      grouped(space.at("states").get<std::uint64_t>()),
      grouped(space.at("transitions").get<std::uint64_t>()), space.at("depth").get<int>(),
      space.at("complete").get<bool>() ? "" : ", and more: the search was stopped");
  if (summary.model_only)
    return text + coverage_text(space) + "left out\n" + left_out_text(summary);
  text += fmt::format("target      {} of {} transitions exercised, {} of {} programs{}\n",
                      grouped(summary.transitions_done), grouped(summary.transitions),
                      grouped(summary.programs_done), grouped(summary.programs),
                      summary.parts.empty() ? "" : ", " + summary.parts);
  text += coverage_text(space);
  text += "left out\n" + left_out_text(summary);
  return text;
}

}  // namespace lastref
