// Every allocation of a program fails once: alone, and with all that follow it in its operation. Or
// every request for random bytes, or for a lock; or each byte of a handshake's flights is damaged;
// or the clock jumps, once, in front of each operation.
#ifndef LASTREF_HARNESS_INJECT_SWEEP_H_
#define LASTREF_HARNESS_INJECT_SWEEP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/generate/check.h"

namespace lastref {

// Points of one trace that are all swept: three handshakes of OpenSSL's have as many. Of more, so
// many are drawn.
inline constexpr std::size_t kMostPoints = 20'000;

struct SweepTrace {
  std::string name;
  Program program;  // faults that it has itself are not swept, and left out
};

enum class SweepKind : std::uint8_t { kAllocations, kRandom, kLocks, kTransport, kClock };

struct SweepProgress {
  std::string trace;
  std::size_t traces_done = 0;
  std::uint64_t points = 0;        // of this trace, done
  std::uint64_t trace_points = 0;  // of this trace, in all
  std::uint64_t verdicts = 0;
  std::string stage;  // "sweep", "shrink"
};

struct SweepOptions {
  std::string target;  // a name, or the path of an adapter
  Hazards hazards;
  std::vector<SweepTrace> traces;
  std::uint64_t seed = 1;  // of what is drawn
  std::size_t most_points = kMostPoints;
  SweepKind kind = SweepKind::kAllocations;
  // Called after each run; false stops early (Ctrl-C). May be empty.
  std::function<bool(const SweepProgress&)> progress;
};

// What came of one trace.
struct TraceSweep {
  std::string name;
  std::string left_out;        // why it was not swept; empty when it was
  std::uint64_t requests = 0;  // that its operations make; of flights their bytes
  std::uint64_t hidden = 0;    // of them, in operations where a hazard allows no fault
  std::uint64_t points = 0;    // with a fault, in all
  std::uint64_t run = 0;
  std::uint64_t verdicts = 0;  // runs that failed
  double seconds = 0;
};

// check.programs counts runs. A finding is one for each signature and operation whose allocation
// failed; check.stopped says that points are left.
struct SweepReport {
  CheckReport check;
  std::vector<TraceSweep> traces;
};

// Starts worker processes; loads nothing into the caller's.
SweepReport sweep(const SweepOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_SWEEP_H_
