#include "bench/ledger_calls.h"

#include "lastref/session.h"

#if LASTREF_LEDGER
#include "lastref/ownership.h"
#endif

namespace {

void* make() { return lr_SESSION_new(); }

void release(void* session) { lr_SESSION_free(static_cast<LR_SESSION*>(session)); }

[[gnu::noinline]] void pairs(void* session, long count, long frames) {
  if (frames > 0) {
    pairs(session, count, frames - 1);
    asm volatile("");  // or the call were a jump, and this no frame
    return;
  }
  auto* of = static_cast<LR_SESSION*>(session);
  for (long i = 0; i < count; ++i) {
    lr_SESSION_up_ref(of);
    lr_SESSION_free(of);
  }
}

void nests(void* session, long count, long depth) {
  auto* of = static_cast<LR_SESSION*>(session);
  for (long done = 0; done < count; done += depth) {
    for (long i = 0; i < depth; ++i) lr_SESSION_up_ref(of);
    for (long i = 0; i < depth; ++i) lr_SESSION_free(of);
  }
}

void rounds(void* const* sessions, long sessions_count, long count) {
  for (long done = 0; done < count;) {
    for (long i = 0; i < sessions_count && done < count; ++i, ++done) {
      auto* of = static_cast<LR_SESSION*>(sessions[i]);
      lr_SESSION_up_ref(of);
      lr_SESSION_free(of);
    }
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
const LedgerCalls lastref_bench_calls = {make, release, pairs, nests, rounds, set_trace};
}
