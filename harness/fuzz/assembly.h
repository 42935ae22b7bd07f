// Programs put together from parts by the model alone, with no target: whatever the parts, what
// comes of them is well formed and legal.
#ifndef LASTREF_HARNESS_FUZZ_ASSEMBLY_H_
#define LASTREF_HARNESS_FUZZ_ASSEMBLY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "harness/fuzz/fitter.h"
#include "harness/generate/generator.h"
#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

// A part of a program: an operation, with its body if it has one, or a place for one that is still
// to be drawn.
struct Part {
  Draft draft;
  bool to_be_drawn = false;
};

// The parts of a well-formed program.
void take_apart(const Program& program, std::vector<Part>& parts);

// Builds a program operation by operation; it keeps the bounds of a well-formed one.
class ProgramWriter {
 public:
  explicit ProgramWriter(Program& program) : program_(program) { program.restart(); }

  // Writes it down, before it is known whether it is legal: an operation that ends the process is
  // part of the program. False when the program has no room for it.
  bool append(const Draft& draft);
  // Takes back what was appended last.
  void take_back();

 private:
  Program& program_;
  std::uint8_t size_before_ = 0;
  int births_ = 0;
  int births_before_ = 0;
};

// Puts programs together; its rooms are used again from one to the next.
class Assembler {
 public:
  // Both outlive it.
  Assembler(const Model& model, const Fitter& fitter) : model_(model), fitter_(fitter) {}

  // Takes the parts in order; each is fitted to the state that those before it have led to, and
  // left out when the contract forbids it even so. Parts to be drawn come from `generator`, which
  // may be NULL when there are none. Where a target would choose, the first of the model's choices
  // is taken. The program stays until the next call.
  const Program& assemble(std::span<const Part> parts, Teardown teardown, Generator* generator);

 private:
  // False when it is not legal here; nothing has happened then.
  bool add(Draft draft, ProgramWriter& writer);
  void draw(Generator& generator, ProgramWriter& writer);

  const Model& model_;
  const Fitter& fitter_;
  Program program_;
  State state_;   // that the program leads to
  State before_;  // the part that is tried
  Expectation expected_;
};

// Any well-formed program as a legal one.
Program repair(const Model& model, const Fitter& fitter, const Program& program);

// The program that a fuzzer of such a target runs for an input, as far as the target has no choice.
Program program_of_input(const Model& model, const Fitter& fitter,
                         std::span<const std::uint8_t> input);

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_ASSEMBLY_H_
