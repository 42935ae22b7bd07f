// What the harness itself costs, part by part, on random programs of the common mix, of a seed: the
// reference without its ledger, in this process.
//
//   build/release/bin/bench_harness
//
// A row is one operation of a program (parse, step, lockstep), one context (reset), one state
// (snapshot), or one worker (worker). How long shrinking, exploring and fuzzing take is measured by
// bench_shrink, bench_explore and scripts/campaign.
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <variant>
#include <vector>

#include "bench/suite.h"
#include "harness/execute/program_run.h"
#include "harness/execute/target_process.h"
#include "harness/execute/worker_process.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"
#include "harness/memory/clock.h"
#include "harness/model/model.h"
#include "harness/program/trace.h"

namespace lastref::bench {
namespace {

constexpr std::size_t kPrograms = 200;
constexpr int kOperations = 24;
constexpr const char* kTarget = "reference-bare";

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_harness: %s\n", why.c_str());
  std::exit(3);
}

TargetProcess& target() {
  static TargetProcess* const process = [] {
    auto* made = new TargetProcess;  // until the process ends
    if (const std::string error = made->start(kTarget, Hazards{}); !error.empty()) fail(error);
    return made;
  }();
  return *process;
}

const std::vector<Program>& programs() {
  static const std::vector<Program> all = [] {
    std::vector<Program> drawn;
    const Model model(target().contract());
    const Mix mix(target().target().capabilities);
    for (std::uint64_t i = 0; i < kPrograms; ++i) {
      drawn.push_back(
          predict_random_program(model, mix, {.seed = 1, .index = i, .operations = kOperations}));
    }
    return drawn;
  }();
  return all;
}

// Each of them once, over and over. Time is that of an operation.
template <class Run>
void for_each_operation(benchmark::State& state, const Run& run) {
  std::size_t next = 0;
  const auto prepare = [&] { return &programs()[next++ % kPrograms]; };
  // A batch is a program, of the length that is asked for at most.
  while (state.KeepRunningBatch(kOperations)) run(*prepare());
}

void parse(benchmark::State& state) {
  std::vector<std::string> texts;
  for (const Program& program : programs()) texts.push_back(print_trace(program));
  std::size_t next = 0;
  while (state.KeepRunningBatch(kOperations)) {
    auto parsed = parse_trace(texts[next++ % kPrograms]);
    if (!std::holds_alternative<Program>(parsed)) fail("a program's own text is refused");
    benchmark::DoNotOptimize(parsed);
  }
}

void step(benchmark::State& state) {
  const Model model(target().contract());
  for_each_operation(state, [&](const Program& program) {
    State at;
    Expectation expected;
    for (std::size_t i = 0; i < program.size; ++i) {
      const bool body = has_body(program.operations[i]);
      model.step(at, program.operations[i], body ? program.operations[i + 1] : Operation{},
                 expected);
      if (body) ++i;
    }
    benchmark::DoNotOptimize(at);
  });
}

void snapshot(benchmark::State& state) {
  State at;
  for (auto turn : state) {
    State copy = at;
    benchmark::DoNotOptimize(copy);
  }
}

// With the teardown, which is not counted as operations.
void lockstep(benchmark::State& state) {
  Watch watch;
  watch.reuse_contexts = true;
  for_each_operation(state, [&](const Program& program) {
    const ProgramRun run = run_once(target().lockstep(), program, watch);
    if (!run.symptoms.empty()) fail("a program finds something in the reference");
  });
}

void reset(benchmark::State& state) {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = LASTREF_OP_CONTEXT_NEW;
  lastref_result result{};
  result.size = sizeof result;
  {
    const TargetScope inside;
    target().target().perform(&call, &result);
  }
  if (result.object == nullptr) fail("there is no context");
  for (auto turn : state) {
    // The clock stands still inside, also that of the measurement.
    const TargetScope inside;
    if (target().target().reset_context(result.object) != 0) fail("a context is not reset");
  }
  call.operation = LASTREF_OP_CONTEXT_FREE;
  call.context = result.object;
  const TargetScope inside;
  target().target().perform(&call, &result);
}

void worker(benchmark::State& state) {
  target();
  void* const shared = mmap(nullptr, sizeof(SharedProgress), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail("no memory to share");
  auto* const progress = new (shared) SharedProgress;
  const WorkerLimits limits;
  prepare_for_workers(*progress, limits);
  for (auto turn : state) {
    if (run_isolated(*progress, limits, [] {}).kind != Verdict::kNone)
      fail("a worker was convicted");
  }
}

}  // namespace

void add_rows() {
  add_row("harness/parse", 1, kOperations * 400, parse);
  add_row("harness/step", 1, kOperations * 4000, step);
  add_row("harness/snapshot", 1, 100'000, snapshot);
  add_row("harness/lockstep", 1, kOperations * 1000, lockstep);
  add_row("harness/reset", 1, 100'000, reset);
  add_row("harness/worker", 1, 30, worker);
}

}  // namespace lastref::bench
