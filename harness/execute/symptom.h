// One thing that was seen to differ from the model, as plain data that crosses a process boundary.
#ifndef LASTREF_HARNESS_EXECUTE_SYMPTOM_H_
#define LASTREF_HARNESS_EXECUTE_SYMPTOM_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/program/operation.h"
#include "harness/vocabulary/verdict.h"

namespace lastref {

// What differs. A row for each, with its verdict and its words, in symptom.cc.
enum class Discrepancy : std::uint8_t {
  kNone,
  kUnexpectedDeath,     // subject: session; expected: its references, found: 0
  kMissingDeath,        // subject: session
  kUnexpectedBirth,     // subject: session
  kMissingBirth,        // subject: session
  kMissingCallback,     // subject: session
  kUnexpectedCallback,  // subject: session
  kCallbackSession,     // subject: the session expected; found: the one that the callback was given
  kEventOrder,          // the right events in a wrong order
  kNestedResult,        // of the operation inside a callback
  kResult,              // expected, found
  kContentResult,       // of a getter of contents: fingerprints
  kStatisticResult,     // of a getter of statistics
  kId,  // what a session's getters say after the operation: subject, expected, found
  kIdContext,
  kTime,
  kTimeout,
  kResumable,
  kVersion,
  kExData,
  kHostname,
  kAlpn,
  kHasTicket,
  kEncoding,           // two encodings of equal contents differ, or lengths do
  kCacheNumber,        // subject: context; expected, found
  kCacheFull,          // subject: context
  kDanglingNumber,     // the cache counts more sessions than are alive; subject: context
  kDoubleRelease,      // the library released a block twice; subject: session, if it was one
  kForeignRelease,     // the library released what it never got
  kInteriorRelease,    // the library released a pointer into a block; found: offset in bytes
  kOverrun,            // a block was accessed beyond its end; subject: session; found: offset
  kPoisonOverwritten,  // a destroyed session was written to; subject: session; found: offset in
                       // bytes
  kReadAfterRelease,   // a destroyed session was read; subject: session; found: offset in bytes
  kBlocks,             // blocks left over when all is given back; expected, found
  kObservers,          // the allocator and ex_data disagree on births or deaths; expected, found
  kSignal,             // found: the signal
  kTimeUsedUp,         // found: milliseconds of processor time
  kAsleep,             // no progress, no processor time used
  kMemoryUsedUp,       // found: bytes
  kInputEnd,           // where d2i left its input pointer, counted from the start; expected, found
  kInputChanged,       // the input of d2i was written to; found: offset
  kInputOverrun,       // d2i read beyond its input; expected: its length, found: offset
  kMisuseRun,          // a misuse program reached its end, or what it came to
};

inline constexpr std::uint8_t kNoSubject = 0xff;

struct Symptom {
  Verdict verdict = Verdict::kNone;
  Discrepancy what = Discrepancy::kNone;
  std::uint8_t subject = kNoSubject;  // a session's or a context's number
  Op code = Op::SESSION_NEW;          // of the operation at which it showed
  // Index of that operation: below the program's size one of its own, else the n-th of its
  // teardown.
  std::uint16_t operation = 0;
  std::uint16_t padding = 0;
  std::int64_t expected = 0;
  std::int64_t found = 0;

  friend bool operator==(const Symptom&, const Symptom&) = default;
};
static_assert(sizeof(Symptom) == 24);

// Which operation a worker is at, as one number for SharedProgress: index and code.
constexpr std::uint32_t pack_operation(int index, Op code) {
  return static_cast<std::uint32_t>(index) | static_cast<std::uint32_t>(code) << 16;
}

// The verdict that a discrepancy amounts to.
Verdict verdict_of(Discrepancy what);

// "missing-death": for reports and signatures.
std::string_view name(Discrepancy what);

// All that one operation, or the end of the process, showed. The first is the cause: the earliest
// by the table of precedence of the first operation that showed anything.
struct Symptoms {
  static constexpr int kMax = 8;  // beyond it they are counted, not kept
  std::array<Symptom, kMax> all{};
  int count = 0;

  void add(const Symptom& symptom) {
    if (count < kMax) all[static_cast<std::size_t>(count)] = symptom;
    ++count;
  }
  bool empty() const { return count == 0; }
  std::span<const Symptom> view() const {
    return {all.data(), static_cast<std::size_t>(count < kMax ? count : kMax)};
  }
  const Symptom& cause() const { return all[0]; }
  // Puts the cause first; the order of the rest is kept.
  void settle();
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_SYMPTOM_H_
