#include "bench/ledger_calls.h"

#include "lastref/session.h"

#if LASTREF_LEDGER
#include "lastref/ownership.h"
#endif

namespace {

void* make() { return lr_SESSION_new(); }

void release(void* session) { lr_SESSION_free(static_cast<LR_SESSION*>(session)); }

void pairs(void* session, long count) {
  auto* of = static_cast<LR_SESSION*>(session);
  for (long i = 0; i < count; ++i) {
    lr_SESSION_up_ref(of);
    lr_SESSION_free(of);
  }
}

void set_trace([[maybe_unused]] int trace) {
#if LASTREF_LEDGER
  lastref_ledger_set_trace(static_cast<lastref_ledger_trace>(trace));
#endif
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) extern const LedgerCalls lastref_bench_calls;
const LedgerCalls lastref_bench_calls = {make, release, pairs, set_trace};
}
