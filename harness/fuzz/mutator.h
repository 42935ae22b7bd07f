// Mutations of programs, for a fuzzer that knows what a program is.
//
// What comes out is well formed and legal, whatever went in, as far as the model alone can tell:
// see assembly.h. Where misuse is asked for, its last operation breaks one rule, which it declares.
// The same input and seed give the same output.
#ifndef LASTREF_HARNESS_FUZZ_MUTATOR_H_
#define LASTREF_HARNESS_FUZZ_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/fuzz/assembly.h"
#include "harness/fuzz/fitter.h"
#include "harness/generate/misuse.h"
#include "harness/generate/mix.h"
#include "harness/generate/random.h"
#include "harness/model/model.h"

namespace lastref {

enum class Rules : std::uint8_t {
  kKept,
  kBroken  // by the last operation of a program, and no other; without failing allocations
};

class Mutator {
 public:
  // The first three outlive it. Where a program offers no occasion to break a rule, what comes of
  // it keeps them all.
  Mutator(const Model& model, const Mix& mix, const Fitter& fitter, Rules rules = Rules::kKept)
      : model_(model), mix_(mix), rules_(rules), assembler_(model, fitter) {}

  // The program with a few of these done to it: operations inserted, replaced, removed, swapped,
  // repeated, appended; an operand, a result or a fault changed. How a program ends is drawn anew.
  Program mutate(const Program& program, std::uint64_t seed);
  // The beginning of one program and the rest of another.
  Program cross(const Program& first, const Program& second, std::uint64_t seed);

  // The same for programs in their binary form, as libFuzzer asks for it: `data` has room for
  // `capacity` bytes and comes with a program in `size` of them. Returns the new size, at most
  // `capacity`; a program that does not fit loses its end. 0 where no program fits.
  std::size_t mutate(std::uint8_t* data, std::size_t size, std::size_t capacity,
                     std::uint64_t seed);
  std::size_t cross(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                    std::span<std::uint8_t> out, std::uint64_t seed);

 private:
  void edit(Random& random);
  void change_operand(Part& part, Random& random);
  // What they return stays until the next of them.
  const Program& mutated(const Program& program, std::uint64_t seed);
  const Program& crossed(const Program& first, const Program& second, std::uint64_t seed);
  const Program& finished(const Program& legal, std::uint64_t seed);

  const Model& model_;
  const Mix& mix_;
  Rules rules_;
  // Kept from one to the next: programs and states are some kilobytes each, which an engine that
  // runs a hundred thousand a second should not clear and copy more often than it must.
  Assembler assembler_;
  std::vector<Part> parts_;
  std::vector<Part> others_;
  Program first_;
  Program second_;
  Program finished_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_MUTATOR_H_
