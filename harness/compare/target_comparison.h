// A comparison of targets, with what was found run on each of them.
#ifndef LASTREF_HARNESS_COMPARE_TARGET_COMPARISON_H_
#define LASTREF_HARNESS_COMPARE_TARGET_COMPARISON_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"

namespace lastref {

struct ComparedTarget {
  std::string target;  // a name, or the path of an adapter
  Hazards hazards;     // its known bugs
};

struct TargetComparisonOptions {
  std::vector<ComparedTarget> targets;
  std::uint64_t seed = 1;
  std::uint64_t programs = 20000;
  int operations = 24;
  MixKind mix = MixKind::kCommon;
  std::function<bool(std::uint64_t programs)> progress;
};

struct TargetComparison {
  std::string could_not_run;   // not empty: a target that did not start, and why
  std::string internal_error;  // lastref itself failed on the way
  std::vector<Party> parties;
  std::vector<std::string> versions;
  Comparison comparison;
  // For each row and target the signature of what was found instead of what its contract says;
  // empty where it did as the table has it.
  std::vector<std::vector<std::string>> found;
};

TargetComparison compare_targets(const TargetComparisonOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_COMPARE_TARGET_COMPARISON_H_
