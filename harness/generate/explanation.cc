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

  // By the first of its programs that fails again.
  void explain(const VerdictGroup& group) {
    Finding first;
    for (const std::uint64_t index : group.programs) {
      Finding finding;
      finding.target = options_.target;
      finding.version = replay_.version();
      finding.index = index;
      finding.occurrences = group.count;
      if (!options_.program_of(index, finding.original)) {
        fail(index, "could not be drawn again");
        return;
      }
      finding.program = finding.original;
      const Replay::Outcome outcome = replay_.run(finding.original, Replay::Until::kCause);
      if (!outcome.internal_error.empty()) {
        fail(index, outcome.internal_error);
        return;
      }
      if (!outcome.run.symptoms.empty() && outcome.run.illegal_operation < 0) {
        place(group, finding, outcome);
        return;
      }
      if (index == group.first()) first = finding;
    }
    doubt(group, first);
  }

  Explanation take() { return std::move(explanation_); }

 private:
  void place(const VerdictGroup& group, Finding& finding, const Replay::Outcome& outcome) {
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
    const Replay::Outcome whole = replay_.run(finding.program, Replay::Until::kConsequences);
    finding.memory = replay_.evidence(finding.program, whole);
    finding.struck = whole.struck;
    placed_[replayed] = explanation_.findings.size();
    explanation_.findings.push_back(finding);
  }

  void fail(std::uint64_t index, const std::string& why) {
    explanation_.internal_error = fmt::format("{}: {}", options_.name_of(index), why);
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
  group.count += count;
  // The lowest, in whatever order several jobs bring them.
  const auto place = std::ranges::lower_bound(group.programs, program);
  if (place == group.programs.end() || *place != program) group.programs.insert(place, program);
  if (group.programs.size() > VerdictGroup::kTried) group.programs.pop_back();
}

void VerdictGroups::add(const Symptoms& seen, std::uint64_t program) {
  const Signature of = signature(seen.cause());
  add(of, program);
  VerdictGroup& group = groups_.at(of);
  if (group.first() == program) group.seen = seen;
}

std::vector<VerdictGroup> VerdictGroups::in_order() const {
  std::vector<VerdictGroup> groups;
  for (const auto& [signature, group] : groups_) groups.push_back(group);
  std::sort(groups.begin(), groups.end(),
            [](const VerdictGroup& a, const VerdictGroup& b) { return a.first() < b.first(); });
  return groups;
}

Explanation explain(const VerdictGroups& groups, Replay& replay,
                    const ExplanationOptions& options) {
  Explainer explainer(replay, options);
  for (const VerdictGroup& group : groups.in_order()) explainer.explain(group);
  return explainer.take();
}

}  // namespace lastref
