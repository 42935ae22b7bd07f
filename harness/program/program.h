// A program: operations, and how it ends.
#ifndef LASTREF_HARNESS_PROGRAM_PROGRAM_H_
#define LASTREF_HARNESS_PROGRAM_PROGRAM_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/program/operation.h"
#include "harness/vocabulary/contract_marks.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// The rule that a misuse program breaks, once and on purpose.
enum class Misuse : std::uint8_t {
  kNone,
  kDoubleFree,    // free after the application's own balance went back to zero
  kBorrowedFree,  // free of a pointer that was only borrowed
  kUseAfterFree,  // an operation on a destroyed session
  kLeak,          // a reference forgotten
  kTwoContexts,   // one session in two contexts' caches, where the contract forbids it
};
inline constexpr int kMisuseCount = 6;

// "double-free", "borrowed-free", "use-after-free", "leak", "two-contexts"; "none".
std::string_view name(Misuse misuse);

// In which order a program lets go of what it still holds: one of the six orders of {sessions,
// connections, contexts}, each by rising or falling index. Index 0 is "sessions connections
// contexts".
struct Teardown {
  std::uint8_t order = 0;    // 0..5
  std::uint8_t falling = 0;  // 1: the highest index first
  // 1: contexts are freed with what their caches hold. 0: each is flushed before, which lets a fast
  // pass reset and reuse it instead of making a new one (a new one costs thirty programs).
  std::uint8_t unflushed = 0;
  friend bool operator==(const Teardown&, const Teardown&) = default;
};
inline constexpr int kTeardownOrders = 6;
enum class TeardownStage : std::uint8_t { kSessions, kConnections, kContexts };
std::array<TeardownStage, 3> stages(Teardown teardown);

// "sessions", "connections", "contexts".
std::string_view name(TeardownStage stage);

// A finite list of operations. Trivially copyable; at most kMaxOperations operations.
struct Program {
  std::array<Operation, kMaxOperations> operations{};
  std::uint8_t size = 0;
  Teardown teardown;
  Misuse misuse = Misuse::kNone;
  std::uint8_t misuse_at = 0;  // index of the operation that breaks the rule
  ContractMarks contract;      // what it needs of a target's contract, to be judged there
  // What its operation BLOB_GIVE, of which it has one at most, puts into a blob. None without one.
  std::uint16_t given_size = 0;
  std::array<std::uint8_t, kMaxGivenBytes> given{};

  std::span<const Operation> view() const { return {operations.data(), size}; }
  std::span<const std::uint8_t> given_bytes() const { return {given.data(), given_size}; }
  // Of more than kMaxGivenBytes only so many.
  void give(std::span<const std::uint8_t> bytes) {
    given_size = static_cast<std::uint16_t>(std::min(bytes.size(), given.size()));
    std::copy_n(bytes.begin(), given_size, given.begin());
  }
  // As a new one, at a tenth of the cost: what is not used is zero already.
  void restart() {
    std::fill_n(operations.begin(), size, Operation{});
    std::fill_n(given.begin(), given_size, std::uint8_t{0});
    size = 0;
    given_size = 0;
    teardown = Teardown{};
    misuse = Misuse::kNone;
    misuse_at = 0;
    if (!contract.empty()) contract = ContractMarks{};
  }
  // Appends; false, and nothing changed, when the program is full.
  bool append(const Operation& operation) {
    if (size >= kMaxOperations) return false;
    operations[size++] = operation;
    return true;
  }
  friend bool operator==(const Program& a, const Program& b);
};

// Whether the program is well formed: each operation of the table, operands in range, `arg` only in
// bodies, a body after each `do` and nowhere else, no body that has a body, no more operations that
// may bear a session than kMaxSessions (each counts once, though a callback may run a body often),
// and zero in every byte that is not used. It says nothing of legality. Empty when it is, else one
// sentence that names the operation by its number in text.
std::string malformed(const Program& program);

// Whether it truncates or changes a blob, or brings bytes along. What such bytes decode to is the
// library's choice, so that the model alone cannot say how the program goes on.
bool damages_blobs(const Program& program);

// Whether an allocation is to fail in it, and the program in which none is.
bool has_faults(const Program& program);
Program without_faults(Program program);

// The capabilities (LASTREF_CAN_*) that the program needs of a target.
std::uint64_t needs(const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_PROGRAM_H_
