// Encoded sessions that are damaged in every way, decoded by a target in lockstep with the model.
//
// The target makes sessions and encodes them; each change of EncodedEdits is decoded in each way,
// and then such as are drawn. A blob's index alone says what it is, so that a budget of blobs gives
// the same report for any number of jobs.
#ifndef LASTREF_HARNESS_INJECT_ENCODING_SWEEP_H_
#define LASTREF_HARNESS_INJECT_ENCODING_SWEEP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/generate/check.h"

namespace lastref {

struct EncodingProgress {
  std::uint64_t blobs = 0;
  std::uint64_t verdicts = 0;
  double seconds = 0;
  std::string stage;  // "search", "shrink"
};

struct EncodingSweepOptions {
  std::string target;  // a name, or the path of an adapter
  Hazards hazards;
  std::uint64_t seed = 1;
  std::uint64_t blobs = 0;  // how many
  int jobs = 1;
  MemoryTier memory = MemoryTier::kGuard;
  // Called a few times a second; false stops early (Ctrl-C). May be empty.
  std::function<bool(const EncodingProgress&)> progress;
};

// A session that was encoded, and how many systematic changes it has.
struct EncodedSession {
  std::string name;
  std::size_t bytes = 0;
  std::uint64_t changes = 0;
  std::string left_out;  // why it is not one; empty when it is
};

// check.programs counts blobs; check.stopped says that some of the budget are left.
struct EncodingSweepReport {
  CheckReport check;
  std::vector<EncodedSession> sessions;
  std::uint64_t systematic = 0;  // blobs of the budget that are systematic, and how many there are
  std::uint64_t all_systematic = 0;
  std::uint64_t decoded = 0;  // blobs that became a session that was not there before
};

// Starts worker processes; loads nothing into the caller's.
EncodingSweepReport sweep_encodings(const EncodingSweepOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_ENCODING_SWEEP_H_
