// How soon an engine finds a bug that is known to be there.
#ifndef LASTREF_HARNESS_SCORE_SEEKER_H_
#define LASTREF_HARNESS_SCORE_SEEKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/execute/shared_progress.h"
#include "harness/execute/target_process.h"
#include "harness/score/bug.h"

namespace lastref {

// Which programs an engine is to draw. Different seeds are different searches, each of which is the
// same every time.
struct SeekRange {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  // index of the first program
  std::uint64_t end = 0;
};

// Writes down how much processor time a worker has used: what a limit is held against while it
// runs.
class TimeTally {
 public:
  // To be called after each program; asks the clock once in kEvery.
  void tick(SharedProgress& progress);
  // To be called when the worker is done with its programs.
  void settle(SharedProgress& progress);
  // For an engine that has nothing left to run: ends the search, whatever its limits.
  static void give_up(SharedProgress& progress) { progress.count(kTally, kForEver); }

  static constexpr std::size_t kTally = 0;  // of the progress: in microseconds

 private:
  static constexpr std::uint64_t kForEver = 1'000'000'000'000'000;  // more than any limit
  static constexpr int kEvery = 32;  // a look takes a third of a microsecond, a program four
  std::uint64_t written_ = 0;
  int programs_ = 0;
};

// One engine, warm in a worker process: draws programs, runs each on the target, and is over at the
// first that fails, which it convicts. A fresh worker then goes on behind that, once it is known
// how the program fails when it is looked at closely.
class Searching {
 public:
  virtual ~Searching() = default;
  virtual void search(const SeekRange& range, SharedProgress& progress) = 0;
};

struct Seeker {
  std::string_view name;
  std::string_view about;  // for --help: "programs drawn by lastref's random check"
  Means means = {};        // what its programs have
  bool fixed = false;      // its programs are the same for every seed
  // The engine writes each program into `program`, which outlives the worker, before it runs it, or
  // while it does.
  std::function<std::unique_ptr<Searching>(TargetProcess&, Program& program)> warm;
};

// Every engine that this build has. rapidcheck's is there when the library was.
const std::vector<Seeker>& seekers();
const Seeker* seeker_named(std::string_view name);  // NULL for none

// Searches in processes of its own, one at a time, with the bug's hazards gone round and no other.
Sighting seek(const Seeker& seeker, const Bug& bug, std::uint64_t seed, const SeekLimits& limits);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_SEEKER_H_
