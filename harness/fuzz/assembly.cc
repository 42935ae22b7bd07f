#include "harness/fuzz/assembly.h"

#include <algorithm>
#include <cstddef>

namespace lastref {
namespace {

// What a random operation is drawn so often for before its place is left empty.
constexpr int kDraws = 8;

// The model's state, a program that leads to it, and one more operation to try.
class Assembly {
 public:
  Assembly(const Model& model, const Fitter& fitter, Program& program)
      : model_(model), fitter_(fitter), writer_(program) {}

  // False when it is not legal here; nothing has happened then.
  bool add(Draft draft) {
    if (!fitter_.fit(state_, draft) || !writer_.append(draft)) return false;
    // A body may break a rule halfway through a step.
    const bool halfway = Model::may_run_body(state_);
    if (halfway) before_ = state_;
    if (model_.step(state_, draft.operation, draft.body, expected_) == Legality::kLegal) {
      return true;
    }
    if (halfway) state_ = before_;
    writer_.take_back();
    return false;
  }

  void draw(Generator& generator) {
    for (int i = 0; i < kDraws; ++i) {
      if (add(generator.draw(state_))) return;
    }
  }

 private:
  const Model& model_;
  const Fitter& fitter_;
  ProgramWriter writer_;
  State state_;
  State before_;
  Expectation expected_;
};

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

Program assemble(const Model& model, const Fitter& fitter, std::span<const Part> parts,
                 Teardown teardown, Generator* generator) {
  Program program;
  program.teardown = teardown;
  Assembly assembly(model, fitter, program);
  for (const Part& part : parts) {
    if (!part.to_be_drawn) {
      assembly.add(part.draft);
    } else if (generator != nullptr) {
      assembly.draw(*generator);
    }
  }
  return program;
}

Program repair(const Model& model, const Fitter& fitter, const Program& program) {
  std::vector<Part> parts;
  take_apart(program, parts);
  return assemble(model, fitter, parts, program.teardown, nullptr);
}

}  // namespace lastref
