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
  // Of the engines, which are asked in their order, those behind the first that finds a bug with
  // every seed are not asked for it.
  bool until_found = false;
  // No search is made: what is not on the sheet is missing.
  bool sheet_only = false;
  // The code as it is, as an adapter: every engine gets as many programs and as much time there as
  // it used on all bugs, and must find nothing. Empty: it is not asked.
  std::string unpatched;
  SeekLimits limits;
  std::string sheet;  // a file that rows are read from and added to; empty: none
  bool quiet = false;
};

// In a sheet, the bug of a search in the code as it is.
inline constexpr const char* kUnpatched = "none";

struct ScoreResult {
  std::vector<ScoreRow> rows;       // bug by bug, engine by engine; those of the sheet included
  std::vector<ScoreRow> unpatched;  // engine by engine
  bool interrupted = false;
};

// Throws Failure: usage for a sheet that is none, could not run for a target that does not start
// and for a sheet that cannot be written. What was written before stands.
ScoreResult run_scores(const Engine& engine, const ScorePlan& plan);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_SCORE_RUN_H_
