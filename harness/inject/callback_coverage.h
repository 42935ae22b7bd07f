// Runs a target's callback programs in lockstep, and says which cells and pairs they cover.
#ifndef LASTREF_HARNESS_INJECT_CALLBACK_COVERAGE_H_
#define LASTREF_HARNESS_INJECT_CALLBACK_COVERAGE_H_

#include <functional>
#include <string>
#include <vector>

#include "harness/generate/check.h"
#include "harness/inject/callback_programs.h"

namespace lastref {

struct CallbackOptions {
  std::string target;  // a name, or the path of an adapter
  Hazards hazards;
  // Called after each program; false stops early (Ctrl-C). May be empty.
  std::function<bool(std::size_t done, std::size_t of)> progress;
};

// How a program went.
struct CallbackRow {
  CallbackProgram made;
  bool run = false;
  std::string failed;  // the signature of what it showed; empty for nothing
};

// check.programs counts runs. What a program shows that a source allows is a finding; of others it
// is told in the row alone, for nobody promised anything.
struct CallbackReport {
  CheckReport check;
  std::vector<CallbackRow> cells;
  std::vector<CallbackRow> pairs;
};

// Starts worker processes; loads nothing into the caller's.
CallbackReport cover_callbacks(const CallbackOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_CALLBACK_COVERAGE_H_
