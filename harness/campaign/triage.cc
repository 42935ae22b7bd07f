#include "harness/campaign/triage.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <variant>

#include "harness/campaign/engine_output.h"
#include "harness/campaign/fuzzer_home.h"
#include "harness/execute/child_process.h"
#include "harness/program/trace.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

// An input runs in microseconds; one that takes as long as this hangs.
constexpr std::chrono::seconds kReplayPatience{10};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "rekey-cached,replace-silent" or "none", as a replay prints them. What it names lastref has too,
// for both are of one build; a name that it has not is passed over.
Hazards parse_names(std::string_view text) {
  Hazards hazards;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(", \n"), text.size());
    if (const auto hazard = hazard_named(text.substr(0, end))) hazards.add(*hazard);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return hazards;
}

// Words as the name of a folder.
std::string folder_name(std::string_view words) {
  std::string name;
  for (const char c : words) {
    const bool keeps = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '_';
    if (keeps) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

}  // namespace

Triage::Triage(const fs::path& directory, const TriageTools& tools)
    : findings_(directory / "findings"), scratch_(directory / "scratch"), tools_(tools) {
  fs::create_directories(findings_);
}

Triage::Sight Triage::look(const Fuzzer& fuzzer, const fs::path& input) const {
  const fs::path log = scratch_ / "report";
  ChildProcess replay({fuzzer.replay.string(), input.string()}, log);
  const bool ended = replay.wait_for(kReplayPatience);
  replay.stop();
  if (replay.exit_code() == kNotExecuted) {
    throw std::runtime_error(fuzzer.replay.string() + ": it cannot be executed");
  }
  Sight sight;
  sight.seen = !ended || replay.exit_code() != 0;
  sight.report = text_of(log);
  sight.symptom = ended ? symptom_line(sight.report) : "hang";
  if (sight.symptom.empty()) sight.symptom = fmt::format("exit {}", replay.exit_code());
  return sight;
}

std::string Triage::ask(const Fuzzer& fuzzer, const std::vector<std::string>& words) const {
  std::vector<std::string> all = {fuzzer.replay.string()};
  all.insert(all.end(), words.begin(), words.end());
  const fs::path log = scratch_ / "answer";
  ChildProcess replay(all, log);
  if (!replay.wait_for(kReplayPatience) || replay.exit_code() != 0) return {};
  return text_of(log);
}

bool Triage::shrink(const Fuzzer& fuzzer, const fs::path& input, FindingGroup& group,
                    GroupFiles& files) const {
  const auto parsed = parse_trace(ask(fuzzer, {"--trace", input.string()}));
  const auto* const program = std::get_if<Program>(&parsed);
  if (program == nullptr) return false;
  const Hazards hazards = parse_names(ask(fuzzer, {"--hazards"}));
  const ShrinkReport shrunk = tools_.shrink(fuzzer.target, *program, hazards);
  Contract contract;
  if (shrunk.symptoms.empty() || !tools_.target_contract(fuzzer.target, &contract).empty()) {
    return false;
  }
  contract.hazards = hazards;
  std::string error;
  Finding finding;
  finding.target = fuzzer.target;
  finding.version = tools_.target_version(fuzzer.target, &error);
  finding.program = shrunk.program;
  finding.original = *program;
  finding.symptoms = shrunk.symptoms;
  finding.known = tools_.known_as(finding, hazards);
  const std::string owner = owner_of(finding, contract);
  group.name =
      folder_name(text(signature(finding.symptoms.cause())) + (owner.empty() ? "" : "-" + owner));
  group.known = finding.known;
  group.operations = finding.program.size;
  files.trace = print_trace(finding.program);
  files.report = finding_text(finding, contract);
  files.source = tools_.source(finding, contract);
  group.about = files.report.substr(0, files.report.find('\n'));
  return true;
}

bool Triage::file(const Fuzzer& fuzzer, const fs::path& input) {
  fs::create_directories(scratch_);
  const Sight sight = look(fuzzer, input);
  FindingGroup group;
  group.fuzzer = fuzzer.name;
  for (const FindingGroup& there : groups_in(findings_)) {
    if (!sight.seen || there.fuzzer != fuzzer.name) continue;
    if (std::ranges::find(there.symptoms, sight.symptom) == there.symptoms.end()) continue;
    add_input(findings_, fuzzer.name, there.name, input);
    return true;
  }
  GroupFiles files;
  if (!sight.seen) {
    group.name = kNotSeenAgain;
    group.about = "a fresh process shows nothing";
    files.report = sight.report;
  } else {
    group.symptoms = {sight.symptom};
    if (fuzzer.target.empty() || !shrink(fuzzer, input, group, files)) {
      // Nothing to shrink, or a sanitizer alone sees it: the input is all there is.
      group.name = folder_name(sight.symptom);
      group.about = sight.symptom;
      files.report = sight.report;
    }
  }
  add_group(findings_, group, files);
  add_input(findings_, fuzzer.name, group.name, input);
  fs::remove_all(scratch_);
  return sight.seen;
}

}  // namespace lastref
