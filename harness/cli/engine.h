// What the verbs do their work with. The command line knows the engine only through this, so that
// its tests can put one in its place that finds what they want.
#ifndef LASTREF_HARNESS_CLI_ENGINE_H_
#define LASTREF_HARNESS_CLI_ENGINE_H_

#include <functional>
#include <string>
#include <vector>

#include "harness/compare/target_comparison.h"
#include "harness/explore/run/explore.h"
#include "harness/generate/check.h"
#include "harness/inject/callback_coverage.h"
#include "harness/inject/encoding_sweep.h"
#include "harness/inject/sweep.h"
#include "harness/score/bug.h"

namespace lastref {

// An adapter that was found.
struct TargetEntry {
  std::string name;  // "openssl"
  std::string path;
};

// A way to look for bugs that can be scored.
struct SeekerEntry {
  std::string name;    // "random"
  std::string about;   // one line
  bool extra = false;  // needs what not every build has: scored only when it is named
  Means means = {.handshakes = true, .failures = true};  // what its programs have
  bool fixed = false;  // one search is all: its programs are the same for every seed
};

struct Engine {
  std::function<CheckReport(const CheckOptions&)> check;
  std::function<ExploreReport(const ExploreOptions&)> explore;
  std::function<SweepReport(const SweepOptions&)> sweep;
  std::function<CallbackReport(const CallbackOptions&)> cover_callbacks;
  std::function<EncodingSweepReport(const EncodingSweepOptions&)> sweep_encodings;
  std::function<ProgramReport(const std::string& target, const Program&, Hazards,
                              const ContractMarks& instead, MemoryTier memory)>
      run_program;
  std::function<ShrinkReport(const std::string& target, const Program&, Hazards,
                             const std::function<bool(int tried, int size)>& progress)>
      shrink_program;
  std::function<TargetComparison(const TargetComparisonOptions&)> compare;
  std::function<std::string(const std::string& target, std::string* error)> target_version;
  std::function<std::string(const std::string& target, Contract*)> target_contract;
  std::function<std::vector<TargetEntry>()> list_targets;
  std::function<std::vector<SeekerEntry>()> list_seekers;
  // `seeker` is the name of one. What a tool needs of the build lies beside the bug's adapter.
  std::function<Sighting(const std::string& seeker, const Bug&, std::uint64_t seed,
                         const SeekLimits&)>
      seek;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_ENGINE_H_
