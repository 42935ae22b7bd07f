// The raw loop: the calls of random programs on OpenSSL, with nothing around them. What lockstep
// costs is measured against it: no model, no observer, no check, no adapter, and the C library's
// malloc.
//
//   raw_openssl [programs [repeats [seed [operations]]]]
//
// The programs are those of the committed mix, legal for OpenSSL. The model says what each lets go
// of at its end, before the time is measured. Contexts are reset and used again, as the harness
// does it.
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/raw_calls.h"
#include "harness/execute/target_process.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"
#include "harness/memory/clock.h"
#include "harness/model/model.h"
#include "harness/target/loader.h"

namespace lastref::bench {
namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "raw_openssl: %s\n", why.c_str());
  return 3;
}

// Not the time of day: other programs run on the machine.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The program and its teardown, and how many calls they are: bodies are the library's to run.
// Nothing when the model takes another way than the generator did, which would be our own mistake.
std::size_t prepare(const Model& model, const Program& program, std::vector<Step>& steps) {
  State state;
  Expectation expected;
  std::size_t calls = 0;
  for (std::size_t i = 0; i < program.size; ++i) {
    const bool pair = has_body(program.operations[i]);
    const Operation body = pair ? program.operations[i + 1] : Operation{};
    if (model.step(state, program.operations[i], body, expected) != Legality::kLegal) return 0;
    steps.push_back(step_of(program.operations[i]));
    if (pair) steps.push_back(step_of(program.operations[++i]));
    ++calls;
  }
  while (const auto operation = next_teardown(state, program.teardown)) {
    steps.push_back(step_of(*operation));
    if (operation->code == Op::CONTEXT_FREE) {
      const ContextState& context = state.contexts[operation->operand[0]];
      steps.back().retires =
          context.application == 1 && context.connections == 0 && context.count == 0;
    }
    if (model.step(state, *operation, Operation{}, expected) != Legality::kLegal) return 0;
    ++calls;
  }
  return calls;
}

// Of damaged bytes the library says whether it takes them; the model can only guess, and a program
// that goes on from a wrong guess uses pointers that are not there.
bool depends_on_a_guess(const Program& program) {
  const auto view = program.view();
  return std::any_of(view.begin(), view.end(), [](const Operation& operation) {
    return operation.code == Op::BLOB_TRUNCATE || operation.code == Op::BLOB_CHANGE;
  });
}

int run(std::size_t count, int repeats, std::uint64_t seed, int operations) {
  LoadedTarget adapter;
  Contract contract;
  if (std::string error = adapter.open("openssl"); !error.empty()) return fail(error);
  if (std::string error = read_contract(adapter.target(), contract); !error.empty()) {
    return fail(error);
  }
  if (!clock_is_interposed()) return fail("the library would not see the programs' clock");
  // Every known bug of the library is gone round.
  for (const HazardRow& hazard : hazard_table()) contract.hazards.add(hazard.id);

  const Model model(contract);
  const Mix mix(adapter.target().capabilities);
  std::vector<std::vector<Step>> programs;
  std::size_t calls = 0;
  std::size_t left_out = 0;
  for (std::uint64_t index = 0; programs.size() < count; ++index) {
    const Program program = predict_random_program(
        model, mix, {.seed = seed, .index = index, .operations = operations});
    if (depends_on_a_guess(program)) {
      ++left_out;
      continue;
    }
    std::vector<Step> steps;
    const std::size_t made = prepare(model, program, steps);
    if (made == 0) return fail("the model does not agree with the generator on a program");
    calls += made;
    programs.push_back(std::move(steps));
  }

  RawCalls raw;
  double best = 0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const double start = processor_seconds();
    {
      const TargetScope inside;
      for (const std::vector<Step>& steps : programs) raw.run(steps);
    }
    const double taken = processor_seconds() - start;
    if (repeat == 0 || taken < best) best = taken;
  }
  const auto programs_run = static_cast<double>(programs.size());
  std::printf(
      "%s\n%zu programs of %d operations, seed %llu, %zu left out, best of %d, processor time\n",
      OpenSSL_version(OPENSSL_VERSION), programs.size(), operations,
      static_cast<unsigned long long>(seed), left_out, repeats);
  std::printf("%.0f programs/s, %.1f calls each with their teardown, %.1f ns per call\n",
              programs_run / best, static_cast<double>(calls) / programs_run,
              best * 1e9 / static_cast<double>(calls));
  return 0;
}

// A positive number, or 0 for anything else.
long number(const char* text) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || value < 0 ? 0 : value;
}

}  // namespace
}  // namespace lastref::bench

int main(int argc, char** argv) {
  long values[] = {100'000, 5, 1, 24};
  for (int i = 1; i < argc; ++i) {
    const long value = i <= 4 ? lastref::bench::number(argv[i]) : 0;
    if (value == 0 || (i == 4 && value > lastref::kMaxOperations)) {
      std::fprintf(stderr, "usage: raw_openssl [programs [repeats [seed [operations]]]]\n");
      return 2;
    }
    values[i - 1] = value;
  }
  return lastref::bench::run(static_cast<std::size_t>(values[0]), static_cast<int>(values[1]),
                             static_cast<std::uint64_t>(values[2]), static_cast<int>(values[3]));
}
