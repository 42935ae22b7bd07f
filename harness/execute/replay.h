// Replays programs, each in a fresh process, with everything switched on.
#ifndef LASTREF_HARNESS_EXECUTE_REPLAY_H_
#define LASTREF_HARNESS_EXECUTE_REPLAY_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "harness/execute/program_run.h"
#include "harness/execute/target_process.h"
#include "harness/execute/worker_service.h"

namespace lastref {

// Hands over symptoms as a worker's verdict.
void convict(SharedProgress& progress, const Symptoms& symptoms);
// Why a worker's record says nothing of the target: the harness failed, or the process ended in the
// harness's own code. One sentence; empty for any other record.
std::string internal_error(const VerdictRecord& record);
// What a worker's record amounts to: the symptoms that it was convicted with, or one made of its
// crash, hang, deadlock or hunger for memory. Empty for a record of no verdict.
Symptoms symptoms_of(const VerdictRecord& record);

// Processor time after which an operation is a hang: in the fast pass, and with a wide margin on
// replay, where the machine may be busy with other workers.
inline constexpr std::chrono::milliseconds kFastHang{1000};
inline constexpr std::chrono::milliseconds kReplayHang{3000};

// How long a replay waits for an operation: see WorkerLimits.
struct Patience {
  std::chrono::milliseconds hang = kReplayHang;
  std::chrono::milliseconds deadlock = WorkerLimits{}.deadlock;
};

class Replay {
 public:
  // A further kind of request, served in the worker like a replay.
  using Extra = std::function<void(TargetProcess&, std::span<const std::uint8_t> request,
                                   SharedProgress&, SharedBytes& answer)>;

  // `instead`: see TargetProcess.
  Replay(std::string target, Hazards hazards, Extra extra = {}, const ContractMarks& instead = {},
         const Patience& patience = {});

  // Loads the target in a process of its own. Empty on success, else why it cannot be run.
  std::string start();

  const std::string& target() const { return target_; }
  Hazards hazards() const { return hazards_; }
  const ContractMarks& instead() const { return instead_; }

  // After start(): what the target says of itself.
  const std::string& version() const { return version_; }
  const Contract& contract() const { return contract_; }  // with the hazards given
  const std::string& contract_text() const { return contract_text_; }
  std::uint64_t capabilities() const { return capabilities_; }

  // How programs are replayed from now on. kCount leaves out what else is done to find faults of
  // memory: blocks are neither filled nor held.
  void set_memory(MemoryTier tier) { memory_ = tier; }
  MemoryTier memory() const { return memory_; }

  struct Outcome {
    ProgramRun run;
    MemoryEvidence memory;       // of the first fault of memory that showed, if one did
    StruckEvidence struck;       // with consequences: the last operation that a fault was made for
    std::string internal_error;  // not empty: the harness itself failed, the run says nothing
  };
  // `consequences`: go on after the cause and add what follows from it, see Watch. The evidence of
  // memory has stacks then.
  enum class Until : std::uint8_t { kCause, kConsequences };
  Outcome run(const Program& program, Until until);  // under memory()
  // The evidence of a program that failed: see MemoryEvidence. Where the allocator was harmed, or
  // blocks are left over, every block stands on guard pages for it.
  MemoryEvidence evidence(const Program& program, const Outcome& of);

  // Sends a request of the extra kind.
  Answer ask(std::span<const std::uint8_t> request);

 private:
  std::string ask_about_target();
  Outcome run_under(MemoryTier tier, const Program& program, Until until);

  std::string target_;
  Hazards hazards_;
  ContractMarks instead_;
  MemoryTier memory_ = MemoryTier::kGuard;
  Extra extra_;
  std::unique_ptr<TargetProcess> process_;  // filled in the warm process only
  WorkerService service_;
  std::string version_;
  std::string contract_text_;
  Contract contract_;
  std::uint64_t capabilities_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_REPLAY_H_
