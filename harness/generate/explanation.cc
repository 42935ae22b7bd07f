#include "harness/generate/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/generate/shrinking.h"

namespace lastref {
namespace {

class Explainer {
 public:
  Explainer(Replay& replay, const ExplanationOptions& options)
      : replay_(replay), options_(options) {}

  void explain(const VerdictGroup& group) {
    Finding finding;
    finding.target = options_.target;
    finding.version = replay_.version();
    finding.index = group.first;
    finding.occurrences = group.count;
    if (!options_.program_of(group.first, finding.original)) {
      fail(group, "could not be drawn again");
      return;
    }
    finding.program = finding.original;
    const Replay::Outcome outcome = replay_.run(finding.original, Replay::Until::kCause);
    if (!outcome.internal_error.empty()) {
      fail(group, outcome.internal_error);
      return;
    }
    if (outcome.run.symptoms.empty() || outcome.run.illegal_operation >= 0) {
      doubt(group, finding);
      return;
    }
    const Signature replayed = signature(outcome.run.symptoms.cause());
    if (const auto known = placed_.find(replayed); known != placed_.end()) {
      explanation_.findings[known->second].occurrences += group.count;
      return;
    }
    const Shrunk shrunk = shrink_on(replay_, finding.original, outcome.run, [this](int, int) {
      return !options_.progress || options_.progress();
    });
    finding.program = shrunk.program;
    finding.symptoms = shrunk.run.symptoms;
    finding.memory = replay_.evidence(finding.program,
                                      replay_.run(finding.program, Replay::Until::kConsequences));
    placed_[replayed] = explanation_.findings.size();
    explanation_.findings.push_back(finding);
  }

  Explanation take() { return std::move(explanation_); }

 private:
  void fail(const VerdictGroup& group, const std::string& why) {
    explanation_.internal_error = fmt::format("{}: {}", options_.name_of(group.first), why);
  }

  void doubt(const VerdictGroup& group, Finding& finding) {
    finding.reproduced = false;
    finding.symptoms = group.seen;
    if (group.seen.empty()) {
      Symptom seen;
      seen.verdict = group.signature.verdict;
      seen.what = group.signature.what;
      seen.code = group.signature.code;
      finding.symptoms.add(seen);
    }
    explanation_.unreproduced.push_back(finding);
  }

  Replay& replay_;
  const ExplanationOptions& options_;
  Explanation explanation_;
  std::map<Signature, std::size_t> placed_;  // in explanation_.findings
};

}  // namespace

void VerdictGroups::add(const Signature& signature, std::uint64_t program, std::uint64_t count) {
  VerdictGroup& group = groups_[signature];
  group.signature = signature;
  group.first = group.count == 0 ? program : std::min(group.first, program);
  group.count += count;
}

void VerdictGroups::add(const Symptoms& seen, std::uint64_t program) {
  const Signature of = signature(seen.cause());
  add(of, program);
  VerdictGroup& group = groups_[of];
  if (group.first == program) group.seen = seen;
}

std::vector<VerdictGroup> VerdictGroups::in_order() const {
  std::vector<VerdictGroup> groups;
  for (const auto& [signature, group] : groups_) groups.push_back(group);
  std::sort(groups.begin(), groups.end(),
            [](const VerdictGroup& a, const VerdictGroup& b) { return a.first < b.first; });
  return groups;
}

Explanation explain(const VerdictGroups& groups, Replay& replay,
                    const ExplanationOptions& options) {
  Explainer explainer(replay, options);
  for (const VerdictGroup& group : groups.in_order()) explainer.explain(group);
  return explainer.take();
}

}  // namespace lastref
