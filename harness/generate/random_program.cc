#include "harness/generate/random_program.h"

#include "harness/generate/drawn_fault.h"
#include "harness/generate/random.h"

namespace lastref {
namespace {

constexpr std::uint32_t kFaultsIn = 6;  // one operation in so many has one

// Places faults, by a stream of its own: without them a program is the same.
class Faults {
 public:
  Faults(const ProgramSeed& which, std::uint64_t capabilities)
      : on_(which.faults), capabilities_(capabilities), random_(~which.seed, which.index) {}

  void place(Operation& operation) {
    if (!on_ || is_local(operation.code) || !random_.one_in(kFaultsIn)) return;
    operation.fault = draw_fault(operation.code, capabilities_, random_);
  }

 private:
  bool on_;
  std::uint64_t capabilities_;
  Random random_;
};

// Draws operations and offers them to `accept`, which runs a legal one and says what it was, until
// the program has its length or `failed` says that it is over.
template <typename Accept, typename StateOf, typename Failed>
void draw_operations(Generator& generator, const Mix& mix, const ProgramSeed& which,
                     Program& program, Accept accept, StateOf state, Failed failed) {
  const int operations = which.operations;
  Faults faults(which, mix.capabilities());
  int draws = 0;
  while (program.size < operations && draws < kMaxDraws && !failed()) {
    Draft draft = generator.draw(state());
    faults.place(draft.operation);
    const bool pair = has_body(draft.operation);
    if (pair && program.size + 2 > operations) {
      ++draws;
      continue;
    }
    // Written down first: an operation that ends the process is part of the program.
    const std::uint8_t size = program.size;
    program.append(draft.operation);
    if (pair) program.append(draft.body);
    if (accept(draft) == Legality::kLegal) {
      draws = 0;
      continue;
    }
    program.operations[size] = Operation{};
    if (pair) program.operations[size + 1U] = Operation{};
    program.size = size;
    ++draws;
  }
}

}  // namespace

Watch fast_watch(std::uint64_t index, MemoryTier memory) {
  Watch watch;
  watch.reuse_contexts = true;
  watch.encodings = index % kEncodingSample == 0;
  // Reads of released sessions leave nothing behind for the quarantine to see.
  const bool sampled =
      memory == MemoryTier::kQuarantine && index % kGuardSample == kGuardSample / 2;
  watch.memory = sampled ? MemoryTier::kGuard : memory;
  return watch;
}

void run_random_program(Lockstep& lockstep, const Mix& mix, const ProgramSeed& which,
                        const Watch& watch, Program& program) {
  program.size = 0;
  program.misuse = Misuse::kNone;
  Generator generator(mix, which.seed, which.index);
  program.teardown = generator.teardown();
  lockstep.begin_program(watch);
  draw_operations(
      generator, mix, which, program,
      [&](const Draft& draft) {
        const Legality legality = lockstep.step(draft.operation, draft.body);
        if (legality == Legality::kLegal && has_body(draft.operation)) lockstep.skip_body();
        return legality;
      },
      [&]() -> const State& { return lockstep.state(); },
      [&] { return lockstep.failed() || !lockstep.sure(); });
  if (!lockstep.failed()) lockstep.finish(program.teardown);
}

Symptoms search_random_program(Lockstep& lockstep, const Mix& mix, const ProgramSeed& which,
                               Program& program, MemoryTier memory) {
  const Watch watch = fast_watch(which.index, memory);
  for (int i = 0; i < kLeakRuns; ++i) {
    run_random_program(lockstep, mix, which, watch, program);
    if (!only_blocks(lockstep.symptoms())) break;
  }
  Symptoms symptoms = lockstep.symptoms();
  symptoms.settle();
  return symptoms;
}

Program predict_random_program(const Model& model, const Mix& mix, const ProgramSeed& which) {
  Program program;
  Generator generator(mix, which.seed, which.index);
  program.teardown = generator.teardown();
  State state;
  Expectation expected;
  draw_operations(
      generator, mix, which, program,
      [&](const Draft& draft) {
        const State before = state;
        const Legality legality = model.step(state, draft.operation, draft.body, expected);
        if (legality != Legality::kLegal) state = before;
        return legality;
      },
      [&]() -> const State& { return state; }, [] { return false; });
  return program;
}

}  // namespace lastref
