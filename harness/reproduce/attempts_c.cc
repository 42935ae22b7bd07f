#include "harness/reproduce/attempts_c.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastref {
namespace {

// On either side. A library's own caches, filled by what the process did before, save a handshake
// some dozens.
constexpr int kNeighbours = 64;

// Another bug, that a neighbour shows in the other way, is passed over.
constexpr std::string_view kBySignal = R"C(    if (!WIFSIGNALED(status)) continue;
    printf("allocation %ld of the handshake fails\n", nth);
    fflush(stdout);
    raise(WTERMSIG(status));
)C";
constexpr std::string_view kByExit =
    R"C(    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0) continue;
    printf("allocation %ld of the handshake fails\n", nth);
    return WEXITSTATUS(status);
)C";

bool is_counted(const Operation& operation) {
  return operation.code == Op::HANDSHAKE && operation.fault.is_allocation();
}

}  // namespace

int counted_handshakes(const Program& program) {
  return static_cast<int>(std::ranges::count_if(program.view(), is_counted));
}

int counted_allocation(const Program& program) {
  return std::ranges::find_if(program.view(), is_counted)->fault.at();
}

std::string attempt_variable() { return "static long nth; /* allocation of the handshake */\n"; }

std::string attempts_main(int number, bool by_signal) {
  return fmt::format(R"C(
/* Which allocation of a handshake is the n-th depends on those before it in the process. That of the
   trace is tried first and then its neighbours, until one shows something. */
int main(void) {{
  int i;
  for (i = 0; i <= 2 * {1}; ++i) {{
    int status = 0;
    pid_t child;
    nth = {0} + (i % 2 == 1 ? (i + 1) / 2 : -(i / 2));
    if (nth < 1) continue;
    child = fork();
    if (child == 0) return program();
    if (child < 0 || waitpid(child, &status, 0) != child) abort();
{2}  }}
  return 0;
}}
)C",
                     number, kNeighbours, by_signal ? kBySignal : kByExit);
}

}  // namespace lastref
