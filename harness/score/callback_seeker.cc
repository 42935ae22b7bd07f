#include "harness/score/callback_seeker.h"

#include <memory>
#include <vector>

#include "harness/inject/callback_programs.h"
#include "harness/score/list_searching.h"

namespace lastref {
namespace {

class CallbackSearching : public ListSearching {
 public:
  CallbackSearching(TargetProcess& process, Program& program) : ListSearching(process, program) {
    const std::uint64_t capabilities = process.target().capabilities;
    for (const auto& made : {matrix_programs(process.contract(), capabilities),
                             reentry_programs(process.contract(), capabilities)}) {
      for (const CallbackProgram& of : made) {
        // What no source allows convicts nobody.
        if (of.program.size > 0 && of.verdict == Reentry::ALLOWED) programs_.push_back(of.program);
      }
    }
    const std::vector<Program> removals = removal_programs(process.contract(), capabilities);
    programs_.insert(programs_.end(), removals.begin(), removals.end());
  }

 protected:
  std::uint64_t programs() const override { return programs_.size(); }
  void write(std::uint64_t index, Program& program) override { program = programs_[index]; }

 private:
  std::vector<Program> programs_;
};

}  // namespace

Seeker callback_seeker() {
  return {.name = "callbacks",
          .about = "every callback, and every operation inside one, as faults --callbacks does",
          .means = {.handshakes = true},
          .fixed = true,
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<CallbackSearching>(process, program);
          }};
}

}  // namespace lastref
