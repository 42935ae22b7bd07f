#include "harness/generate/redraw.h"

#include <cstring>
#include <utility>

namespace lastref {
namespace {

template <typename T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

}  // namespace

Replay::Extra serve_redraw(std::function<Mix(const lastref_target&)> mix_of) {
  return [mix_of = std::move(mix_of)](TargetProcess& process, std::span<const std::uint8_t> request,
                                      SharedProgress& progress, SharedBytes& answer) {
    ProgramSeed which;
    std::memcpy(&which, request.data(), sizeof which);
    const Mix mix = mix_of(process.target());
    Program program;
    Lockstep& lockstep = process.lockstep();
    lockstep.on_operation = [&](int index, const Operation& operation) {
      progress.begin_operation(pack_operation(index, operation.code));
      answer.clear();
      answer.append(bytes_of(program));
    };
    run_random_program(lockstep, mix, which, fast_watch(which.index), program);
  };
}

bool redraw(Replay& replay, const ProgramSeed& which, Program& program) {
  const Answer answer = replay.ask(bytes_of(which));
  if (answer.bytes.size() < sizeof program) return false;
  std::memcpy(&program, answer.bytes.data(), sizeof program);
  return true;
}

}  // namespace lastref
