// What each tier of the target's heap costs a program of 15 operations, against the C library's
// malloc: bare calls of the adapter, with no model, no witness and no check around them.
//
//   memory_tiers TARGET [programs [repeats]]
//
// The program makes two sessions, puts both into a cache, and lets go of all. Each tier has a
// process of its own, for a library takes one allocator. Processor time, the best of the repeats.
#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "harness/execute/target_process.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/program/values.h"
#include "harness/target/loader.h"

namespace lastref::bench {
namespace {

// One call: which operation on which of the two sessions, -1 for none. Where a target lacks it, a
// getter takes its place, so that programs have 15 calls everywhere.
struct Step {
  Op code;
  int session;
  std::uint8_t value;  // a number in the pool of the operand
};
constexpr std::array<Step, 15> kProgram = {{
    {Op::SESSION_NEW, 0, 0},
    {Op::SET_ID, 0, 0},
    {Op::CACHE_ADD, 0, 0},
    {Op::SESSION_UP_REF, 0, 0},
    {Op::GET_TIME, 0, 0},
    {Op::SESSION_NEW, 1, 0},
    {Op::SET_ID, 1, 1},
    {Op::CACHE_ADD, 1, 0},
    {Op::SET_TIMEOUT, 1, 1},
    {Op::GET_ID, 0, 0},
    {Op::SESSION_FREE, 0, 0},
    {Op::CACHE_REMOVE, 0, 0},
    {Op::SESSION_FREE, 0, 0},
    {Op::SESSION_FREE, 1, 0},
    {Op::CACHE_FLUSH, -1, 0},
}};

class Application {
 public:
  explicit Application(const lastref_target& target) : target_(target) {
    lastref_call make{};
    make.operation = LASTREF_OP_CONTEXT_NEW;
    context_ = call(make).object;
  }

  void run() {
    std::array<void*, 2> sessions{};
    for (const Step& step : kProgram) {
      lastref_call of{};
      of.operation = static_cast<std::uint32_t>(step.code);
      of.context = context_;
      if (step.session >= 0) of.session = sessions[static_cast<std::size_t>(step.session)];
      const ByteValue& id = byte_values(OperandKind::kId)[step.value];
      if (step.code == Op::SET_ID) of.bytes = id.data, of.length = id.size;
      if (step.code == Op::SET_TIMEOUT) of.value = 60;
      const bool makes = step.code == Op::SESSION_NEW;
      // A library whose ids cannot be set decodes sessions that have one.
      if (makes && !can(Op::SET_ID) && can(Op::SESSION_NEW_WITH_ID)) {
        of.operation = LASTREF_OP_SESSION_NEW_WITH_ID;
        const ByteValue& own =
            byte_values(OperandKind::kId)[static_cast<std::size_t>(step.session)];
        of.bytes = own.data;
        of.length = own.size;
      } else if (!can(step.code)) {
        of.operation = LASTREF_OP_GET_TIMEOUT;
        of.session = sessions[0] != nullptr ? sessions[0] : sessions[1];
      }
      const lastref_result result = call(of);
      if (makes) sessions[static_cast<std::size_t>(step.session)] = result.object;
    }
  }

 private:
  bool can(Op code) const { return (row(code).capability & ~target_.capabilities) == 0; }

  lastref_result call(lastref_call of) const {
    of.size = sizeof of;
    lastref_result result{};
    result.size = sizeof result;
    target_.perform(&of, &result);
    return result;
  }

  const lastref_target& target_;
  void* context_ = nullptr;
};

constexpr lastref_host kMalloc = {
    .size = sizeof(lastref_host),
    .abi = LASTREF_TARGET_ABI,
    .allocate = std::malloc,
    .reallocate = std::realloc,
    .release = std::free,
    .born = [](const void*) {},
    .died = [](const void*) {},
    .callback = [](std::uint32_t, void*, void*, void*, const std::uint8_t*, std::size_t,
                   lastref_reply*) {},
    .now = virtual_now,
    .block_size = [](const void* block) { return malloc_usable_size(const_cast<void*>(block)); },
};

std::uint64_t births = 0;
std::uint64_t deaths = 0;

// Empty on success. No tier is the C library's malloc.
std::string start(LoadedTarget& loaded, const std::string& name, std::optional<MemoryTier> tier) {
  if (std::string error = loaded.open(name); !error.empty()) return error;
  if (!tier) {
    const TargetScope inside;
    return loaded.start(kMalloc);
  }
  if (std::string error = heap().reserve(); !error.empty()) return error;
  std::string error =
      start_and_probe(loaded.target(), [&] { return loaded.start(Lockstep::host()); });
  heap().set_observer(
      {nullptr, [](void*, void*) { ++births; }, [](void*, void*, std::uint32_t) { ++deaths; }});
  heap().set_tier(*tier);
  return error;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Outcome {
  double seconds = 0;  // of one program
  std::array<char, 200> error{};
};

void measure(const std::string& target, std::optional<MemoryTier> tier, int programs,
             Outcome& outcome) {
  auto* const loaded = new LoadedTarget;  // the library's exit handlers may need it
  std::string error = start(*loaded, target, tier);
  if (error.empty()) {
    const TargetScope inside;
    Application application(loaded->target());
    const auto run = [&] {
      application.run();
      if (tier) heap().end_program();
    };
    for (int i = 0; i < programs / 10; ++i) run();
    const double begin = processor_seconds();
    for (int i = 0; i < programs; ++i) run();
    outcome.seconds = (processor_seconds() - begin) / programs;
    if (tier && (births == 0 || births != deaths)) error = "sessions were not all seen to go";
    if (heap().faults_pending()) error = "the heap saw a fault";
  }
  std::snprintf(outcome.error.data(), outcome.error.size(), "%s", error.c_str());
}

Outcome in_process(const std::string& target, std::optional<MemoryTier> tier, int programs) {
  void* const shared =
      mmap(nullptr, sizeof(Outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  auto* const answer = new (shared) Outcome;
  std::snprintf(answer->error.data(), answer->error.size(), "the process ended early");
  const pid_t child = fork();
  if (child == 0) {
    measure(target, tier, programs, *answer);
    _exit(0);
  }
  if (child > 0) waitpid(child, nullptr, 0);
  const Outcome outcome = *answer;
  munmap(shared, sizeof(Outcome));
  return outcome;
}

int run(const std::string& target, int programs, int repeats) {
  constexpr std::array<std::optional<MemoryTier>, 5> kTiers = {
      std::nullopt, MemoryTier::kCount, MemoryTier::kQuarantine, MemoryTier::kGuard,
      MemoryTier::kGuardAll};
  std::array<double, kTiers.size()> best{};
  // By turns, so that what else the machine does meets all alike.
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t i = 0; i < kTiers.size(); ++i) {
      const Outcome outcome = in_process(target, kTiers[i], programs);
      if (outcome.error[0] != '\0') {
        std::fprintf(stderr, "memory_tiers: %s: %s\n", target.c_str(), outcome.error.data());
        return 3;
      }
      if (repeat == 0 || outcome.seconds < best[i]) best[i] = outcome.seconds;
    }
  }
  std::printf("%s, %d programs of 15 operations, best of %d, processor time\n", target.c_str(),
              programs, repeats);
  for (std::size_t i = 0; i < kTiers.size(); ++i) {
    const std::string what = kTiers[i] ? std::string(name(*kTiers[i])) : "malloc";
    std::printf("%-12s %8.2f us a program %8.2f x\n", what.c_str(), best[i] * 1e6,
                best[i] / best[0]);
  }
  return 0;
}

// A positive number, or 0 for anything else.
int number(const char* text) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || value < 0 || value > 100'000'000
             ? 0
             : static_cast<int>(value);
}

}  // namespace
}  // namespace lastref::bench

int main(int argc, char** argv) {
  std::array<int, 2> values = {100'000, 5};
  for (int i = 2; i < argc; ++i) {
    const int value = i <= 3 ? lastref::bench::number(argv[i]) : 0;
    if (value == 0) argc = 1;
    if (i <= 3) values[static_cast<std::size_t>(i - 2)] = value;
  }
  if (argc < 2) {
    std::fprintf(stderr, "usage: memory_tiers TARGET [programs [repeats]]\n");
    return 2;
  }
  return lastref::bench::run(argv[1], values[0], values[1]);
}
