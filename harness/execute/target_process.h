// A target in this process, warm: the adapter loaded and probed, its contract known, a Lockstep
// ready. Only ever made in a process that is forked for it, or that has an adapter of its own.
#ifndef LASTREF_HARNESS_EXECUTE_TARGET_PROCESS_H_
#define LASTREF_HARNESS_EXECUTE_TARGET_PROCESS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/execute/lockstep.h"
#include "harness/target/loader.h"
#include "harness/vocabulary/contract_marks.h"

namespace lastref {

class TargetProcess {
 public:
  // Loads, starts and probes. Empty on success, else why the target cannot be run, as a sentence
  // with what to do. Once. The switches of `instead` are judged by as they say, and not as the
  // adapter declares.
  std::string start(const std::string& name, Hazards hazards, const ContractMarks& instead = {});
  // The same for an adapter that is linked to this program. `hazards` says which ones a library of
  // that version has; it may be empty.
  using HazardsOf = std::function<Hazards(std::string_view version)>;
  std::string start(const lastref_target& linked, const HazardsOf& hazards);

  Lockstep& lockstep() { return *lockstep_; }
  const Contract& contract() const { return contract_; }
  const lastref_target& target() const { return loaded_->target(); }

  // "cache-capacity=one-less d2i-zero=defaulted": the switches that differ from the defaults.
  std::string contract_text() const;

 private:
  std::string start_loaded(const std::function<Hazards()>& hazards, const ContractMarks& instead);

  std::unique_ptr<LoadedTarget> loaded_;
  Contract contract_;
  std::unique_ptr<Lockstep> lockstep_;
};

// Starts the target by `start`, which answers empty or why not, probes it, and tells the heap,
// which is reserved, what a session's block is. Empty on success, else why the target cannot be
// run. Before there is a Lockstep.
std::string start_and_probe(const lastref_target& target,
                            const std::function<std::string()>& start);

// The contract that an adapter declares. Empty on success, else what is wrong with it.
std::string read_contract(const lastref_target& target, Contract& contract);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_TARGET_PROCESS_H_
