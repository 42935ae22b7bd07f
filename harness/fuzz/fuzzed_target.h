// A target that is fuzzed in this process: an input is a program, run in lockstep, and what is left
// of it when it ends is nothing. No fork: a finding ends the process, as a fuzzer wants it.
#ifndef LASTREF_HARNESS_FUZZ_FUZZED_TARGET_H_
#define LASTREF_HARNESS_FUZZ_FUZZED_TARGET_H_

#include <lastref/target_abi.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "harness/execute/symptom.h"
#include "harness/execute/target_process.h"
#include "harness/fuzz/fitter.h"
#include "harness/fuzz/input_plan.h"
#include "harness/fuzz/state_features.h"

namespace lastref {

struct FuzzOptions {
  std::uint64_t without = kHandshakeCapabilities;  // capabilities that programs make no use of
  // The hazards of the library that says it is of that version. May be empty: none.
  std::function<Hazards(std::string_view version)> hazards;
};

class FuzzedTarget {
 public:
  // The target is linked to this program; the counters outlive this. One for the process.
  explicit FuzzedTarget(FeatureCounters& counters) : features_(counters) {}

  // Starts and probes it. Empty on success, else why it cannot be run.
  std::string start(const lastref_target& target, const FuzzOptions& options);
  // Whether contexts go from one input to the next, as they do unless told otherwise. A library
  // whose context keeps a mistake of one input may then fail in another, which alone shows nothing.
  void set_reuse_contexts(bool reuse) { reuse_contexts_ = reuse; }

  // Runs the program that the bytes are, each operation fitted to the state that it finds and left
  // out if it is not legal there. What is wrong is in the answer; it is empty for a sound target.
  const Symptoms& run(std::span<const std::uint8_t> bytes);
  // Runs a program of the caller's in the same way, with bytes in its blob b0 that it may decode.
  const Symptoms& run_with_blob(const Program& wanted, std::span<const std::uint8_t> bytes);

  // The program as it was run, up to the operation that runs now.
  const Program& program() const { return program_; }
  // What the last run came to, for a person: the verdict, the timeline of the references, the
  // trace.
  std::string report() const;
  // The same for a target that broke the process's bounds in the middle of the operation that runs.
  std::string report(Discrepancy what, std::int64_t found) const;

  // After start().
  const Contract& contract() const { return process_.contract(); }
  std::uint64_t capabilities() const { return capabilities_; }
  const Fitter& fitter() const { return fitter_; }
  Lockstep& lockstep() { return process_.lockstep(); }

 private:
  const Symptoms& run_wanted(const InputPlan& plan);
  void run_once(const Watch& watch);
  std::string report(const Symptoms& symptoms) const;

  TargetProcess process_;
  std::uint64_t capabilities_ = 0;
  Fitter fitter_{0};
  bool reuse_contexts_ = true;
  StateFeatures features_;
  Program wanted_;
  std::span<const std::uint8_t> given_;  // to b0
  Program program_;
  Symptoms symptoms_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_FUZZED_TARGET_H_
