#include "harness/cli/fake_engine.h"

#include <lastref/target_abi.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <variant>

#include "harness/model/model.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr const char* kInternalError = "the fake engine fails";
constexpr const char* kVersion = "FakeSSL 3.0.22 25 Aug 2026";

Program failing_program() {
  return std::get<Program>(
      parse_trace("lastref 1\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"));
}

Symptoms failing_symptoms() {
  Symptom symptom;
  symptom.what = Discrepancy::kResult;
  symptom.verdict = verdict_of(symptom.what);
  symptom.code = Op::CACHE_ADD;
  symptom.operation = 3;
  symptom.expected = 1;
  symptom.found = 0;
  Symptoms symptoms;
  symptoms.add(symptom);
  return symptoms;
}

// Long enough that a test which is not stopped fails by its own time limit.
void run_slowly(const CheckOptions& options, CheckReport& report) {
  for (int i = 0; i < 600; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    report.programs += 1000;
    if (options.progress && !options.progress({report.programs, 1, 0.05 * i, "search"})) {
      report.stopped = true;
      return;
    }
  }
}

CheckReport check_fake(const CheckOptions& options) {
  if (options.target == "throws") throw std::runtime_error("the fake engine throws");
  CheckReport report;
  report.target = options.target;
  report.version = kVersion;
  report.programs = options.budget.programs;
  report.operations = options.budget.programs * static_cast<std::uint64_t>(options.operations);
  if (options.target == "slow") run_slowly(options, report);
  if (options.target == "clean") return report;
  if (options.target == "fails") {
    report.internal_error = kInternalError;
    return report;
  }
  report.verdicts = 1;
  Finding finding;
  finding.target = options.target;
  finding.version = kVersion;
  finding.program = failing_program();
  finding.original = finding.program;
  finding.symptoms = failing_symptoms();
  finding.index = 17;
  if (!options.hazards.has(Hazard::REPLACE_SILENT)) report.findings.push_back(finding);
  return report;
}

SweepReport sweep_fake(const SweepOptions& options) {
  CheckOptions check;
  check.target = options.target;
  SweepReport report;
  report.check = check_fake(check);
  for (const SweepTrace& trace : options.traces) {
    report.traces.push_back({trace.name, "", 2, 0, 4, 4, report.check.verdicts, 0.5});
    report.check.programs += 4;
  }
  return report;
}

CallbackReport cover_fake(const CallbackOptions& options) {
  CheckOptions check;
  check.target = options.target;
  CallbackReport report;
  report.check = check_fake(check);
  CallbackRow cell;
  cell.made.name = "matrix-none-keep-internal";
  cell.made.program = failing_program();
  cell.run = true;
  CallbackRow pair = cell;
  pair.made.name = "reentry-new-free";
  if (options.target == "buggy") pair.failed = "wrong-return/result/add";
  report.check.programs = 2;
  report.cells.push_back(cell);
  report.pairs.push_back(pair);
  return report;
}

EncodingSweepReport sweep_encodings_fake(const EncodingSweepOptions& options) {
  CheckOptions check;
  check.target = options.target;
  check.budget.programs = options.blobs;
  EncodingSweepReport report;
  report.check = check_fake(check);
  report.sessions = {{"a session", 100, 40, ""}, {"another", 0, 0, "the target makes none"}};
  report.systematic = 30;
  report.all_systematic = 40;
  report.decoded = 5;
  return report;
}

ProgramReport run_fake(const std::string& target, const Program& program, Hazards hazards,
                       const ContractMarks& instead, MemoryTier /*memory*/) {
  ProgramReport report;
  report.version = kVersion;
  if (target == "broken") report.could_not_run = "the fake library is missing";
  if (target == "fails") report.internal_error = kInternalError;
  if (target == "lacking") report.lacks = {"SESSION"};
  const bool gone_round = hazards.has(Hazard::REPLACE_SILENT);
  if (target == "buggy" && program.misuse == Misuse::kNone && !gone_round) {
    report.symptoms = failing_symptoms();
  }
  Contract contract;
  contract.hazards = hazards;
  for (const std::string& word : instead.words()) contract.set_words(word);
  const Judgement judgement = judge(Model(contract), program);
  if (judgement.legality != Legality::kLegal) {
    report.illegal_operation = judgement.operation;
    report.illegal_reason = name(judgement.legality);
    report.meets_hazard = judgement.legality == Legality::kHazard;
    report.beyond_model = judgement.legality == Legality::kTooMany;
    report.broken = misuse_of(judgement.legality);
  }
  return report;
}

std::string start_error(const std::string& target) {
  return target == "broken" ? "the fake library is missing" : "";
}

// The model's own comparison of the fake contracts; what "buggy" does is not what its contract
// says.
TargetComparison compare_fake(const TargetComparisonOptions& options) {
  TargetComparison result;
  for (const ComparedTarget& compared : options.targets) {
    if (compared.target == "fails") result.internal_error = kInternalError;
    Party party;
    party.name = compared.target;
    if (compared.target != "clean") party.contract.set("new-timeout", "7200");
    result.parties.push_back(party);
    result.versions.emplace_back(kVersion);
  }
  ComparisonOptions asked;
  asked.capabilities = ~(LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TLS13);
  asked.seed = options.seed;
  asked.programs = options.programs;
  asked.operations = options.operations;
  asked.progress = options.progress;
  result.comparison = compare(result.parties, asked);
  for (std::size_t i = 0; i < result.comparison.rows.size(); ++i) {
    std::vector<std::string>& row = result.found.emplace_back();
    for (const ComparedTarget& compared : options.targets) {
      row.emplace_back(compared.target == "buggy" ? "wrong-return/result/add" : "");
    }
  }
  return result;
}

}  // namespace

Engine fake_engine() {
  Engine engine;
  engine.check = check_fake;
  engine.explore = [](const ExploreOptions& options) {
    ExploreReport report;
    report.target = options.target;
    return report;
  };
  engine.sweep = sweep_fake;
  engine.compare = compare_fake;
  engine.cover_callbacks = cover_fake;
  engine.sweep_encodings = sweep_encodings_fake;
  engine.run_program = run_fake;
  engine.shrink_program = [](const std::string& target, const Program& program, Hazards,
                             const std::function<bool(int, int)>&) {
    ShrinkReport report;
    report.could_not_run = start_error(target);
    if (target == "fails") report.internal_error = kInternalError;
    report.program = program;
    if (target == "buggy") {
      report.program = failing_program();
      report.symptoms = failing_symptoms();
    }
    return report;
  };
  engine.target_version = [](const std::string& target, std::string* error) {
    *error = start_error(target);
    return std::string(error->empty() ? kVersion : "");
  };
  engine.target_contract = [](const std::string& target, Contract* contract) {
    *contract = Contract();
    contract->set("cache-capacity", "one-less");
    return start_error(target);
  };
  engine.list_targets = [] {
    std::vector<TargetEntry> entries;
    for (const char* name : {"broken", "buggy", "clean", "fails", "lacking", "slow", "throws"}) {
      entries.push_back({name, std::string("/nowhere/lastref-target-") + name + ".so"});
    }
    return entries;
  };
  engine.list_seekers = [] {
    return std::vector<SeekerEntry>{{"quick", "finds every bug"},
                                    {"slow", "finds no leak"},
                                    {"bare", "has calls alone, always the same", true, {}, true}};
  };
  engine.seek = [](const std::string& seeker, const Bug& bug, std::uint64_t seed,
                   const SeekLimits& limits) {
    Sighting sighting;
    if (bug.target.find("broken") != std::string::npos) sighting.could_not_run = "it is broken";
    const bool leak = !bug.signs.empty() && bug.signs[0].verdict == Verdict::kLeak;
    sighting.found = seeker != "slow" || !leak;
    if (bug.name == "none") sighting.found = seed == 3;  // a false alarm of an unlucky seed
    if (!bug.hazards.empty()) sighting.reached = true;   // what is gone round is told so
    sighting.programs = sighting.found ? 10 * seed : limits.programs;
    sighting.seconds = bug.name == "none" ? limits.seconds : 0.5;
    return sighting;
  };
  return engine;
}

}  // namespace lastref
