#include "harness/fuzz/engine_alarm.h"

#include <csignal>

#include "harness/memory/clock.h"

namespace lastref {
namespace {

bool looked = false;
void (*engine_handler)(int, siginfo_t*, void*) = nullptr;

void run_outside(int signal, siginfo_t* info, void* context) {
  const TargetScope outside(false);
  engine_handler(signal, info, context);
}

}  // namespace

void keep_engine_alarm_outside() {
  if (looked) return;
  looked = true;
  struct sigaction of {};
  if (sigaction(SIGALRM, nullptr, &of) != 0 || (of.sa_flags & SA_SIGINFO) == 0) return;
  engine_handler = of.sa_sigaction;
  of.sa_sigaction = run_outside;
  sigaction(SIGALRM, &of, nullptr);
}

}  // namespace lastref
