// What a worker says of itself in memory that it shares with those who watch it, so that it is
// known also after SIGKILL: where it is, what it counted, and the verdict that ended it.
//
// The worker alone writes, but for `stop`. One for each job slot, made by map_shared() before the
// first fork.
#ifndef LASTREF_HARNESS_EXECUTE_SHARED_PROGRESS_H_
#define LASTREF_HARNESS_EXECUTE_SHARED_PROGRESS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/execute/memory_fault.h"
#include "harness/execute/struck_operation.h"
#include "harness/vocabulary/verdict.h"

namespace lastref {

// Longest detail of a verdict in the fast pass; the story of a finding is told by its replay.
inline constexpr std::size_t kDetailBytes = 480;

// Of an operation's number the index; the client may keep what it likes in the bits above.
inline constexpr std::uint32_t kOperationIndex = 0xffff;

// Counters for the client's own use, added up over all workers.
inline constexpr std::size_t kTallies = 192;

// Which code ran when the process was ended: kHarness, our own, is no verdict on the target.
enum class Where : std::uint8_t { kUnknown, kTarget, kHarness };

// How a worker ended. Plain data; goes through a pipe in one piece, so below PIPE_BUF.
struct VerdictRecord {
  std::uint64_t program = 0;    // index
  std::uint64_t address = 0;    // fault address of a crash
  std::uint32_t operation = 0;  // as begin_operation() had it, unless convict() said otherwise
  std::int32_t signal = 0;      // of a crash; 0 when the process ended itself (exit, sanitizer)
  Verdict kind = Verdict::kNone;
  Where where = Where::kUnknown;
  std::uint8_t internal_error =
      0;                   // 1: our own failure, detail says which; no verdict on the target
  std::uint8_t ended = 0;  // 1: the process ended with it, and said no more
  std::uint32_t detail_size = 0;
  std::array<char, kDetailBytes> detail{};

  std::string_view detail_text() const { return {detail.data(), detail_size}; }
  // Cuts what is too long.
  void set_detail(std::string_view text) {
    detail_size = static_cast<std::uint32_t>(std::min(text.size(), kDetailBytes));
    std::copy_n(text.data(), detail_size, detail.data());
  }
};
static_assert(sizeof(VerdictRecord) == 512);

struct SharedProgress {
  std::atomic<std::uint64_t> program = 0;    // index of the program that runs
  std::atomic<std::uint32_t> operation = 0;  // index of its operation that runs
  std::atomic<std::uint32_t> stop = 0;       // set by the parent: finish the program and return
  std::atomic<std::uint64_t> programs_done = 0;
  std::atomic<std::uint64_t> operations_done = 0;
  std::array<std::atomic<std::uint64_t>, kTallies> tallies{};

  std::atomic<std::uint32_t> convicted = 0;  // 1: `verdict` is complete
  VerdictRecord verdict;
  MemoryFault memory;      // the first that showed, or none
  StruckOperation struck;  // the last that a fault was made for, or none

  // For the worker. A store each, no locked instruction: there is one writer.
  void begin_program(std::uint64_t index) {
    operation.store(0, std::memory_order_relaxed);
    program.store(index, std::memory_order_relaxed);
  }
  void begin_operation(std::uint32_t index) { operation.store(index, std::memory_order_relaxed); }
  // Counts a program that ended; a program that ends in a verdict is counted by convict().
  void end_program(std::uint32_t operations) {
    add(programs_done, 1);
    add(operations_done, operations);
  }
  void count(std::size_t tally, std::uint64_t by = 1) { add(tallies[tally], by); }
  // To be asked after each program.
  bool stopping() const { return stop.load(std::memory_order_relaxed) != 0; }

  // Records a verdict on the program that runs. `work` must return then: the worker is not used any
  // further. The first verdict stands.
  void convict(Verdict kind, std::uint32_t at_operation, std::string_view detail) {
    if (convicted.load(std::memory_order_relaxed) != 0) return;
    verdict.program = program.load(std::memory_order_relaxed);
    verdict.operation = at_operation;
    verdict.kind = kind;
    verdict.set_detail(detail);
    convicted.store(1, std::memory_order_release);
  }

 private:
  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_SHARED_PROGRESS_H_
