// From verdicts of a search to findings: each is replayed in a fresh process, shrunk and grouped.
#ifndef LASTREF_HARNESS_GENERATE_EXPLANATION_H_
#define LASTREF_HARNESS_GENERATE_EXPLANATION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/execute/replay.h"

namespace lastref {

// Programs that failed in the same way.
struct VerdictGroup {
  // So many are tried until one fails in a fresh process as well. The n-th allocation of an
  // operation may be another one there than in the worker that had run programs before.
  static constexpr std::size_t kTried = 8;

  Signature signature;  // as the search saw it
  Symptoms seen;        // what it saw of the first; empty where it kept no more than the signature
  std::uint64_t count = 0;
  std::vector<std::uint64_t> programs;  // indices of the first of them, in order: kTried at most

  std::uint64_t first() const { return programs.front(); }
};

class VerdictGroups {
 public:
  void add(const Signature& signature, std::uint64_t program, std::uint64_t count = 1);
  // One program, with all that it showed.
  void add(const Symptoms& seen, std::uint64_t program);
  // By their first programs.
  std::vector<VerdictGroup> in_order() const;

 private:
  std::map<Signature, VerdictGroup> groups_;
};

struct ExplanationOptions {
  std::string target;
  // What a group's program of that index is. False when the harness itself failed.
  std::function<bool(std::uint64_t index, Program& program)> program_of;
  // What to call it: "program 17 of seed 1".
  std::function<std::string(std::uint64_t index)> name_of;
  // Called after each program that is tried; false ends the shrinking.
  std::function<bool()> progress;
};

struct Explanation {
  std::vector<Finding> findings;  // one for each signature, by first index
  std::vector<Finding> unreproduced;
  std::string internal_error;  // the last one, if any
};

// `replay` is started.
Explanation explain(const VerdictGroups& groups, Replay& replay, const ExplanationOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_EXPLANATION_H_
