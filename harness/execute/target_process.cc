#include "harness/execute/target_process.h"

#include <fmt/format.h>

#include <array>

#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/target/probe.h"

namespace lastref {
namespace {

// Contexts that wait to be reused: as many as a program holds.
constexpr int kWarmContexts = kMaxContexts;

// What the heap knows of a block that a session may begin with.
std::size_t block_size(const void* block) {
  const BlockInfo info = heap().describe(block);
  return info.state == BlockState::kLive && info.offset == 0 ? info.size : 0;
}

}  // namespace

std::string read_contract(const lastref_target& target, Contract& contract) {
  for (std::size_t i = 0; i < target.switch_count; ++i) {
    const lastref_switch& declared = target.switches[i];
    if (std::string error = contract.set(declared.name, declared.value); !error.empty()) {
      return fmt::format("the adapter '{}' declares a contract that this lastref does not know: {}",
                         target.name, error);
    }
  }
  return {};
}

std::string start_and_probe(const lastref_target& target,
                            const std::function<std::string()>& start) {
  Probe probe(block_size);
  Lockstep::set_probe(&probe);
  ProbeResult result;
  {
    const TargetScope inside;
    result.failure = start();
  }
  if (result.failure.empty()) {
    const TargetScope inside;
    result = probe.run(target, Lockstep::host().now);
  }
  Lockstep::set_probe(nullptr);
  if (result.failure.empty()) heap().set_session_size(result.session_size);
  return result.failure;
}

std::string TargetProcess::start(const std::string& name, Hazards hazards,
                                 const ContractMarks& instead) {
  if (std::string error = heap().reserve(); !error.empty()) return error;
  loaded_ = std::make_unique<LoadedTarget>();
  if (std::string error = loaded_->open(name); !error.empty()) return error;
  return start_loaded([hazards] { return hazards; }, instead);
}

std::string TargetProcess::start(const lastref_target& linked, const HazardsOf& hazards) {
  if (std::string error = heap().reserve(); !error.empty()) return error;
  loaded_ = std::make_unique<LoadedTarget>();
  if (std::string error = loaded_->use(linked); !error.empty()) return error;
  return start_loaded([&] { return hazards ? hazards(linked.version()) : Hazards{}; },
                      ContractMarks{});
}

std::string TargetProcess::start_loaded(const std::function<Hazards()>& hazards,
                                        const ContractMarks& instead) {
  const lastref_target& target = loaded_->target();
  if (std::string error = read_contract(target, contract_); !error.empty()) return error;
  for (const std::string& word : instead.words()) {
    if (std::string error = contract_.set_words(word); !error.empty()) return error;
  }
  std::string error = start_and_probe(target, [this] { return loaded_->start(Lockstep::host()); });
  if (!error.empty()) return error;
  contract_.hazards = hazards();
  lockstep_ = std::make_unique<Lockstep>(target, contract_);
  lockstep_->warm(kWarmContexts);
  return {};
}

std::string TargetProcess::contract_text() const {
  const Contract manual;
  std::string text;
  for (const SwitchRow& row : switch_table()) {
    if (contract_.value(row.id) == manual.value(row.id)) continue;
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", row.name, contract_.text(row.id));
  }
  return text;
}

}  // namespace lastref
