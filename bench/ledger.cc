// What the ledger costs: a pair of up_ref and free of one session, bare and with one record kept
// for each live reference. The objective is a ratio of at most 3.5 on one thread, caller only.
//
//   build/release/bin/bench_ledger --benchmark_repetitions=5
//
// `ratio` is the one over the other, timed in short turns, so that what else the
// machine does meets both. A process that never had a second thread takes its locks without an
// atomic exchange; the rows behind the first "threads started" are for all others.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

#include "bench/ledger_calls.h"

namespace {

constexpr long kPairs = 4096;  // of a turn

const LedgerCalls& load(const char* name) {
  const std::string path = std::string(LASTREF_BENCH_OBJECTS) + "/" + name + ".so";
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* calls = library == nullptr ? nullptr : dlsym(library, "lastref_bench_calls");
  if (calls == nullptr) {
    std::fprintf(stderr, "bench_ledger: %s\n", dlerror());
    std::exit(3);
  }
  return *static_cast<const LedgerCalls*>(calls);
}

const LedgerCalls& bare() {
  static const LedgerCalls& calls = load("bench_session_bare");
  return calls;
}
const LedgerCalls& watched() {
  static const LedgerCalls& calls = load("bench_session");
  return calls;
}

// Of the processor, for the machine may be shared.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_of(const LedgerCalls& calls, void* session) {
  const double start = now();
  calls.pairs(session, kPairs);
  return now() - start;
}

// Argument 0: the trace. The time of the row is that with the ledger.
void one_thread(benchmark::State& state) {
  watched().set_trace(static_cast<int>(state.range(0)));
  void* of_bare = bare().make();
  void* of_watched = watched().make();
  double without = 0;
  double with = 0;
  while (state.KeepRunning()) {
    without += seconds_of(bare(), of_bare);
    const double seconds = seconds_of(watched(), of_watched);
    with += seconds;
    state.SetIterationTime(seconds);
  }
  const auto pairs = static_cast<double>(state.iterations() * kPairs);
  state.counters["bare_ns"] = without / pairs * 1e9;
  state.counters["ledger_ns"] = with / pairs * 1e9;
  state.counters["ratio"] = with / without;
  watched().set_trace(1);
  bare().release(of_bare);
  watched().release(of_watched);
}

void* shared_session = nullptr;

void many_threads(benchmark::State& state, const LedgerCalls& calls) {
  if (state.thread_index() == 0) shared_session = calls.make();
  while (state.KeepRunning()) calls.pairs(shared_session, kPairs);
  state.SetItemsProcessed(state.iterations() * kPairs);
  if (state.thread_index() == 0) calls.release(shared_session);
}

// Its only work is to have been there.
void threads_started(benchmark::State& state) {
  while (state.KeepRunning()) std::thread([] {}).join();
}

void add_traces(const std::string& prefix) {
  const char* const names[] = {"off", "caller", "stack"};
  for (int trace = 0; trace < 3; ++trace) {
    benchmark::RegisterBenchmark((prefix + names[trace]).c_str(), one_thread)
        ->Arg(trace)
        ->UseManualTime();
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  add_traces("one_thread/");
  benchmark::RegisterBenchmark("threads_started", threads_started)->Iterations(1);
  add_traces("one_of_several_threads/");
  benchmark::RegisterBenchmark("shared/bare", many_threads, bare())->ThreadRange(1, 4);
  benchmark::RegisterBenchmark("shared/ledger", many_threads, watched())->ThreadRange(1, 4);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
