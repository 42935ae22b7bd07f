#include "harness/execute/symptom.h"

#include <algorithm>
#include <cstddef>

namespace lastref {
namespace {

struct Row {
  Discrepancy what;
  Verdict verdict;
  std::string_view name;
};

// In the order of the enumeration: a row is found by its index.
constexpr Row kRows[] = {
    {Discrepancy::kNone, Verdict::kNone, "nothing"},
    {Discrepancy::kUnexpectedDeath, Verdict::kEarlyFree, "unexpected-death"},
    {Discrepancy::kMissingDeath, Verdict::kLeak, "missing-death"},
    // The library has another number of objects than its calls amount to.
    {Discrepancy::kUnexpectedBirth, Verdict::kMiscount, "unexpected-birth"},
    {Discrepancy::kMissingBirth, Verdict::kMiscount, "missing-birth"},
    {Discrepancy::kMissingCallback, Verdict::kWrongCallback, "missing-callback"},
    {Discrepancy::kUnexpectedCallback, Verdict::kWrongCallback, "unexpected-callback"},
    {Discrepancy::kCallbackSession, Verdict::kWrongCallback, "callback-session"},
    {Discrepancy::kEventOrder, Verdict::kWrongCallback, "event-order"},
    {Discrepancy::kNestedResult, Verdict::kWrongReturn, "nested-result"},
    {Discrepancy::kResult, Verdict::kWrongReturn, "result"},
    {Discrepancy::kContentResult, Verdict::kWrongContent, "content-result"},
    {Discrepancy::kStatisticResult, Verdict::kWrongStatistics, "statistic-result"},
    {Discrepancy::kId, Verdict::kWrongContent, "id"},
    {Discrepancy::kIdContext, Verdict::kWrongContent, "id-context"},
    {Discrepancy::kTime, Verdict::kWrongContent, "time"},
    {Discrepancy::kTimeout, Verdict::kWrongContent, "timeout"},
    {Discrepancy::kResumable, Verdict::kWrongContent, "resumable"},
    {Discrepancy::kVersion, Verdict::kWrongContent, "version"},
    {Discrepancy::kExData, Verdict::kWrongContent, "ex-data"},
    {Discrepancy::kHostname, Verdict::kWrongContent, "hostname"},
    {Discrepancy::kAlpn, Verdict::kWrongContent, "alpn"},
    {Discrepancy::kHasTicket, Verdict::kWrongContent, "has-ticket"},
    {Discrepancy::kEncoding, Verdict::kWrongContent, "encoding"},
    {Discrepancy::kCacheNumber, Verdict::kWrongStatistics, "cache-number"},
    {Discrepancy::kCacheFull, Verdict::kWrongStatistics, "cache-full"},
    {Discrepancy::kDanglingNumber, Verdict::kDanglingCache, "dangling-number"},
    {Discrepancy::kDoubleRelease, Verdict::kDoubleFree, "double-release"},
    {Discrepancy::kForeignRelease, Verdict::kHeapCorruption, "foreign-release"},
    {Discrepancy::kInteriorRelease, Verdict::kHeapCorruption, "interior-release"},
    {Discrepancy::kOverrun, Verdict::kHeapCorruption, "overrun"},
    {Discrepancy::kPoisonOverwritten, Verdict::kUseAfterFree, "poison-overwritten"},
    {Discrepancy::kReadAfterRelease, Verdict::kUseAfterFree, "read-after-release"},
    {Discrepancy::kBlocks, Verdict::kLeak, "blocks"},
    {Discrepancy::kObservers, Verdict::kMiscount, "observers"},
    {Discrepancy::kSignal, Verdict::kCrash, "signal"},
    {Discrepancy::kTimeUsedUp, Verdict::kHang, "time-used-up"},
    {Discrepancy::kAsleep, Verdict::kDeadlock, "asleep"},
    {Discrepancy::kMemoryUsedUp, Verdict::kRunawayMemory, "memory-used-up"},
    {Discrepancy::kInputEnd, Verdict::kWrongReturn, "input-end"},
    {Discrepancy::kInputChanged, Verdict::kHeapCorruption, "input-changed"},
    {Discrepancy::kInputOverrun, Verdict::kHeapCorruption, "input-overrun"},
    // Which verdict a misuse amounts to is said by the rule that is broken.
    {Discrepancy::kMisuseRun, Verdict::kNone, "misuse-run"},
};

constexpr bool in_order() {
  std::size_t i = 0;
  for (const Row& row : kRows) {
    if (static_cast<std::size_t>(row.what) != i++) return false;
  }
  return i == static_cast<std::size_t>(Discrepancy::kMisuseRun) + 1;
}
static_assert(in_order());

const Row& row_of(Discrepancy what) { return kRows[static_cast<std::size_t>(what)]; }

// kNone stands first in the table of precedence and is no verdict: it comes after all others.
bool more_of_a_cause(const Symptom& a, const Symptom& b) {
  if (a.operation != b.operation) return a.operation < b.operation;
  if ((a.verdict == Verdict::kNone) != (b.verdict == Verdict::kNone)) {
    return b.verdict == Verdict::kNone;
  }
  return precedes(a.verdict, b.verdict);
}

}  // namespace

Verdict verdict_of(Discrepancy what) { return row_of(what).verdict; }

std::string_view name(Discrepancy what) { return row_of(what).name; }

void Symptoms::settle() {
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(view().size());
  const auto cause = std::min_element(all.begin(), end, more_of_a_cause);
  if (cause != end) std::rotate(all.begin(), cause, cause + 1);
}

}  // namespace lastref
