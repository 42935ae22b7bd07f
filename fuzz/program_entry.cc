// Fuzzes a target with programs: any bytes are one (harness/program/binary.h), and mutations know
// what they are.
#include "fuzz/entry.h"
#include "fuzz/fuzzer_config.h"
#include "fuzz/known_hazards.h"
#include "fuzz/linked_target.h"
#include "harness/fuzz/assembly.h"
#include "harness/fuzz/engine_alarm.h"
#include "harness/fuzz/mutator.h"
#include "harness/program/binary.h"
#include "harness/program/trace.h"

namespace {

using lastref::linked_target;

struct Mutations {
  lastref::Model model{linked_target().contract()};
  lastref::Mix mix{linked_target().capabilities(), lastref::kFuzzerConfig.mix};
  lastref::Mutator mutator{model, mix, linked_target().fitter()};
};

Mutations& mutations() {
  static Mutations made;
  return made;
}

}  // namespace

std::string lastref::describe_input(std::span<const std::uint8_t> input) {
  return print_trace(program_of_input(mutations().model, linked_target().fitter(), input));
}

std::vector<lastref::Input> lastref::seeds_of(const std::string& trace) {
  const auto parsed = parse_trace(trace);
  const auto* const program = std::get_if<Program>(&parsed);
  if (program == nullptr) return {};
  return {encode_program(repair(mutations().model, linked_target().fitter(), *program))};
}

lastref::Mutator& lastref::mutator() { return mutations().mutator; }

std::string lastref::hazards() { return names_of(linked_target().contract().hazards); }

std::string lastref::dictionary() { return {}; }

int LLVMFuzzerInitialize(int*, char***) {
  mutations();
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lastref::keep_engine_alarm_outside();
  lastref::stop_at_finding(linked_target().run({data, size}));
  return 0;
}
