#include "harness/reproduce/attempts_c.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/reproduce/memory_damage.h"

namespace lastref {
namespace {

// On either side. A library's own caches, filled by what the process did before, save a handshake
// some dozens.
constexpr int kNeighbours = 64;

bool is_counted(const Operation& operation) {
  return operation.code == Op::HANDSHAKE && operation.fault.is_allocation();
}

// Those of the window that are another known bug's.
std::vector<int> left_out(const ReproducerInput& input, const TimelineStep& step) {
  const Model model(input.contract);
  const int number = step.operation.fault.at();
  std::vector<int> numbers;
  for (int at = std::max(1, number - kNeighbours); at <= number + kNeighbours; ++at) {
    Operation operation = step.operation;
    operation.fault = Fault(at, operation.fault.persistent());
    State state = step.before;
    Expectation ignored;
    if (model.step(state, operation, step.body, ignored) == Legality::kHazard)
      numbers.push_back(at);
  }
  return numbers;
}

// What an attempt that ends otherwise shows is another bug.
std::string_view ends_as_the_finding(Discrepancy what) {
  if (is_memory_damage(what)) return "status != 0";
  switch (what) {
    case Discrepancy::kTimeUsedUp:
    case Discrepancy::kAsleep:
      return "WIFSIGNALED(status)";
    case Discrepancy::kSignal:  // valgrind makes an exit code of what it sees before
    case Discrepancy::kMemoryUsedUp:
      return "status != 0";
    default:
      return "WIFEXITED(status) && WEXITSTATUS(status) != 0";
  }
}

}  // namespace

int counted_handshakes(const Program& program) {
  return static_cast<int>(std::ranges::count_if(program.view(), is_counted));
}

bool makes_attempts(const ReproducerInput& input) {
  return counted_handshakes(input.program) > 0 && !input.symptoms.empty();
}

std::string attempt_variable() { return "static long nth; /* allocation of the handshake */\n"; }

std::string attempts_main(const ReproducerInput& input, const Timeline& plan) {
  const auto step = std::ranges::find_if(
      plan.steps, [](const TimelineStep& each) { return is_counted(each.operation); });
  std::string others;
  for (const int number : left_out(input, *step)) {
    others += fmt::format("{}nth == {}", others.empty() ? "" : " || ", number);
  }
  if (!others.empty()) {
    others = fmt::format("    if ({}) continue; /* another known bug shows there */\n", others);
  }
  return fmt::format(R"C(
/* Which allocation of a handshake is the n-th depends on those before it in the process. That of the
   trace is tried first and then its neighbours, until one ends as the finding does. */
int main(void) {{
  int i;
  for (i = 0; i <= 2 * {1}; ++i) {{
    int status = 0;
    pid_t child;
    nth = {0} + (i % 2 == 1 ? (i + 1) / 2 : -(i / 2));
    if (nth < 1) continue;
{2}    child = fork();
    if (child == 0) return program();
    if (child < 0 || waitpid(child, &status, 0) != child) abort();
    if (!({3})) continue;
    printf("allocation %ld of the handshake fails\n", nth);
    fflush(stdout);
    if (WIFSIGNALED(status)) raise(WTERMSIG(status));
    return WEXITSTATUS(status);
  }}
  return 0;
}}
)C",
                     step->operation.fault.at(), kNeighbours, others,
                     ends_as_the_finding(input.symptoms.cause().what));
}

}  // namespace lastref
