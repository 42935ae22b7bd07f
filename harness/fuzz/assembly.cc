#include "harness/fuzz/assembly.h"

#include <algorithm>
#include <cstddef>

#include "harness/fuzz/input_plan.h"
#include "harness/program/binary.h"

namespace lastref {
namespace {

// What a random operation is drawn so often for before its place is left empty.
constexpr int kDraws = 8;

}  // namespace

void take_apart(const Program& program, std::vector<Part>& parts) {
  parts.clear();
  for (std::size_t i = 0; i < program.size; ++i) {
    Part part;
    part.draft.operation = program.operations[i];
    if (has_body(part.draft.operation)) part.draft.body = program.operations[++i];
    parts.push_back(part);
  }
}

bool ProgramWriter::append(const Draft& draft) {
  const bool pair = has_body(draft.operation);
  if (program_.size + (pair ? 2 : 1) > kMaxOperations) return false;
  const int births = births_ + (may_bear(draft.operation.code) ? 1 : 0) +
                     (pair && may_bear(draft.body.code) ? 1 : 0);
  if (births > kMaxSessions) return false;
  size_before_ = program_.size;
  births_before_ = births_;
  births_ = births;
  program_.append(draft.operation);
  if (pair) program_.append(draft.body);
  return true;
}

void ProgramWriter::take_back() {
  std::fill(program_.operations.begin() + size_before_, program_.operations.begin() + program_.size,
            Operation{});
  program_.size = size_before_;
  births_ = births_before_;
}

bool Assembler::add(Draft draft, ProgramWriter& writer) {
  if (!fitter_.fit(state_, draft) || !writer.append(draft)) return false;
  // A body may break a rule halfway through a step.
  const bool halfway = Model::may_run_body(state_);
  if (halfway) before_.take(state_);
  if (model_.step(state_, draft.operation, draft.body, expected_) == Legality::kLegal) return true;
  if (halfway) state_.take(before_);
  writer.take_back();
  return false;
}

void Assembler::draw(Generator& generator, ProgramWriter& writer) {
  for (int i = 0; i < kDraws; ++i) {
    if (add(generator.draw(state_), writer)) return;
  }
}

const Program& Assembler::assemble(std::span<const Part> parts, Teardown teardown,
                                   Generator* generator) {
  state_.restart();
  ProgramWriter writer(program_);
  program_.teardown = teardown;
  for (const Part& part : parts) {
    if (!part.to_be_drawn) {
      add(part.draft, writer);
    } else if (generator != nullptr) {
      draw(*generator, writer);
    }
  }
  return program_;
}

Program repair(const Model& model, const Fitter& fitter, const Program& program) {
  std::vector<Part> parts;
  take_apart(program, parts);
  return Assembler(model, fitter).assemble(parts, program.teardown, nullptr);
}

Program program_of_input(const Model& model, const Fitter& fitter,
                         std::span<const std::uint8_t> input) {
  return repair(model, fitter, planned(plan_of(input), decode_program(input)));
}

}  // namespace lastref
