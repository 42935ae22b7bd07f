#include "harness/cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

volatile sig_atomic_t signals_seen = 0;

extern "C" void lastref_on_interrupt(int) {
  if (signals_seen != 0) _exit(static_cast<int>(ExitCode::kInterrupted));
  signals_seen = 1;
}

}  // namespace

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = lastref_on_interrupt;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return signals_seen != 0; }

}  // namespace lastref
