// An engine at work for a shift: it is started again behind each input that ends it.
#ifndef LASTREF_HARNESS_CAMPAIGN_ENGINE_RUN_H_
#define LASTREF_HARNESS_CAMPAIGN_ENGINE_RUN_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "harness/campaign/engine_output.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/fuzzer_home.h"
#include "harness/campaign/record.h"
#include "harness/execute/child_process.h"

namespace lastref {

class EngineRun {
 public:
  // Starts it. `fuzzer` and `tally` must outlive this; each start takes the next number of the
  // tally for its seed. Throws std::system_error when there can be no process.
  EngineRun(const Fuzzer& fuzzer, const FuzzerHome& home, FuzzerTally& tally, std::size_t job,
            std::uint64_t seed, std::uint64_t seconds);

  // To be called several times a second. False once its time is over, or when it ends again and
  // again without an input to show for it; the tally then says what it said last.
  bool work();
  // Ends it before its time.
  void stop();

  const Fuzzer& fuzzer() const { return fuzzer_; }
  // Of the process that runs now.
  EngineStatus status() const;

 private:
  using Clock = std::chrono::steady_clock;

  void start();
  void account();
  std::uint64_t seconds_left() const;

  const Fuzzer& fuzzer_;
  FuzzerHome home_;
  FuzzerTally& tally_;
  std::size_t job_;
  std::uint64_t seed_;
  Clock::time_point end_;
  Clock::time_point started_;    // the process that runs now
  std::set<std::string> shown_;  // inputs that it has written down
  int failed_starts_ = 0;        // in a row
  ChildProcess process_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_ENGINE_RUN_H_
