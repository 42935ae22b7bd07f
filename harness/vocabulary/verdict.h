// What can be wrong, and which of several symptoms is the cause.
#ifndef LASTREF_HARNESS_VOCABULARY_VERDICT_H_
#define LASTREF_HARNESS_VOCABULARY_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace lastref {

// The order is the table of precedence: of several verdicts on one operation the first row is the
// cause and the rest are consequences.
enum class Verdict : std::uint8_t {
  kNone,
  kDoubleFree,          // released again after the owner's balance had gone back to zero
  kBorrowedFree,        // the application released what it never acquired
  kEarlyFree,           // destroyed while a reference is outstanding
  kDanglingCache,       // a cache links a destroyed session
  kDanglingConnection,  // a connection holds a destroyed session
  kUseAfterFree,        // a destroyed session was read or written
  kHeapCorruption,      // a block was written outside of its bounds, or a foreign pointer freed
  kCrash,               // a signal or abort() inside the operation
  kHang,                // the operation used up its processor time
  kRunawayMemory,       // the operation allocated beyond the worker's bound
  kDataRace,
  kDeadlock,
  kLeak,           // not destroyed when the last reference went, or at teardown
  kMiscount,       // two observers of one count disagree
  kWrongCallback,  // a callback did not run, ran twice, or got the wrong session
  kWrongReturn,
  kWrongContent,  // a getter or an encoding differs from what was set, or a dup from its source
  kWrongStatistics,
};

inline constexpr int kVerdictCount = static_cast<int>(Verdict::kWrongStatistics) + 1;

// "double-free". Never empty; "none" for kNone.
std::string_view name(Verdict verdict);

// The verdict of that name, or nothing.
std::optional<Verdict> verdict_named(std::string_view wanted);

// One plain sentence for the reader of a report: what the kind means.
std::string_view meaning(Verdict verdict);

// Whether `a` stands before `b` in the table of precedence.
constexpr bool precedes(Verdict a, Verdict b) { return a < b; }

// Who owes a release.
enum class Owner : std::uint8_t { kApplication, kCache, kConnection };

std::string_view name(Owner owner);

}  // namespace lastref

#endif  // LASTREF_HARNESS_VOCABULARY_VERDICT_H_
