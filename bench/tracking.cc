// What it costs to be watched: the same pair and the same small program, bare, with the ledger, and
// in builds with AddressSanitizer and ThreadSanitizer. scripts/bench runs the bare one under
// valgrind as well.
//
//   build/release/bin/bench_tracking_ledger --benchmark_filter=track/pair
//
// The ledger has rows for each thing that it can note of where an event comes from; there is none
// without a record for each live reference. "unwind" is what a ledger would pay that unwinds by the
// tables of the debugger instead of walking frame pointers: caller, and backtrace(3) for each
// event.
#include <execinfo.h>

#include <array>
#include <cstdlib>

#include "bench/suite.h"
#include "lastref/session.h"

#if LASTREF_LEDGER
#include "lastref/ownership.h"
#endif

namespace lastref::bench {
namespace {

constexpr int kFrames = 16;  // as many as the ledger notes

[[gnu::noinline]] void unwind() {
  std::array<void*, kFrames> frames{};
  benchmark::DoNotOptimize(backtrace(frames.data(), kFrames));
}

// Calls `act` from below so many frames, as deep in a server's code.
template <class Act>
[[gnu::noinline]] void from_below(int frames, const Act& act) {
  if (frames == 0) {
    act();
  } else {
    from_below(frames - 1, act);
  }
  asm volatile("");  // or the call were a jump, and this no frame
}

void pair(LR_SESSION* session, bool unwinding) {
  lr_SESSION_up_ref(session);
  if (unwinding) unwind();
  lr_SESSION_free(session);
  if (unwinding) unwind();
}

void pairs(benchmark::State& state, int trace, bool unwinding) {
#if LASTREF_LEDGER
  lastref_ledger_set_trace(static_cast<lastref_ledger_trace>(trace));
#else
  static_cast<void>(trace);
#endif
  LR_SESSION* const session = lr_SESSION_new();
  from_below(kFrames, [&] {
    for (auto step : state) pair(session, unwinding);
  });
  lr_SESSION_free(session);
}

// What a server does with a session: makes it, caches it, finds it for a connection, lets it go.
void serve(LR_CTX* context, unsigned char number, bool unwinding) {
  LR_SESSION* const session = lr_SESSION_new();
  if (session == nullptr) std::abort();
  lr_SESSION_set1_id(session, &number, 1);
  lr_CTX_add_session(context, session);
  LR_SSL* const connection = lr_SSL_new(context);
  lr_SSL_set_session(connection, session);
  LR_SESSION* const again = lr_SSL_get1_session(connection);
  lr_SESSION_free(session);
  if (unwinding) {
    for (int event = 0; event < 8; ++event) unwind();  // as many acquires and releases are here
  }
  lr_SSL_free(connection);
  lr_CTX_remove_session(context, again);
  lr_SESSION_free(again);
}

void programs(benchmark::State& state, int trace, bool unwinding) {
#if LASTREF_LEDGER
  lastref_ledger_set_trace(static_cast<lastref_ledger_trace>(trace));
#else
  static_cast<void>(trace);
#endif
  LR_CTX* const context = lr_CTX_new();
  unsigned char number = 0;
  from_below(kFrames, [&] {
    for (auto step : state) serve(context, ++number, unwinding);
  });
  lr_CTX_free(context);
}

void add_mode(const std::string& mode, int trace, bool unwinding) {
  const std::int64_t share = unwinding ? 50 : 1;
  add_row("track/pair" + mode, 1, 100'000 / share,
          [=](benchmark::State& state) { pairs(state, trace, unwinding); });
  add_row("track/program" + mode, 1, 10'000 / share,
          [=](benchmark::State& state) { programs(state, trace, unwinding); });
}

}  // namespace

void add_rows() {
#if LASTREF_LEDGER
  add_mode("/ledger, no place", 0, false);
  add_mode("/ledger, caller", 1, false);
  add_mode("/ledger, frame pointers", 2, false);
  add_mode("/ledger, unwinding", 1, true);
#else
  add_mode("", 0, false);
#endif
}

}  // namespace lastref::bench
