// The session library in a shared object of its own, so that one program can time the build with
// the ledger beside the one without.
#ifndef LASTREF_BENCH_LEDGER_CALLS_H_
#define LASTREF_BENCH_LEDGER_CALLS_H_

// What such an object exports, as `lastref_bench_calls`.
struct LedgerCalls {
  void* (*make)();
  void (*release)(void* session);
  // `count` times up_ref and free of a session that is held besides, from below so many frames.
  void (*pairs)(void* session, long count, long frames);
  // The same with `depth` references held before the first of them is released.
  void (*nests)(void* session, long count, long depth);
  // The same, in turn for each of the sessions.
  void (*rounds)(void* const* sessions, long sessions_count, long count);
  // From where the ledger records: a value of lastref_ledger_trace. Nothing without the ledger.
  void (*set_trace)(int trace);
};

#endif  // LASTREF_BENCH_LEDGER_CALLS_H_
