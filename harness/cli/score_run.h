// The searches of a scoreboard, one after another, each written to its sheet as soon as it is made.
#ifndef LASTREF_HARNESS_CLI_SCORE_RUN_H_
#define LASTREF_HARNESS_CLI_SCORE_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/cli/engine.h"
#include "harness/score/sheet.h"

namespace lastref {

struct ScorePlan {
  std::vector<Bug> bugs;
  std::vector<std::string> engines;
  std::uint64_t seeds = 5;  // 1 to this
  SeekLimits limits;
  std::string sheet;  // a file that rows are read from and added to; empty: none
  bool quiet = false;
};

struct ScoreResult {
  std::vector<ScoreRow> rows;  // bug by bug, engine by engine; those of the sheet included
  bool interrupted = false;
};

// Throws Failure: usage for a sheet that is none, could not run for a target that does not start
// and for a sheet that cannot be written. What was written before stands.
ScoreResult run_scores(const Engine& engine, const ScorePlan& plan);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_SCORE_RUN_H_
