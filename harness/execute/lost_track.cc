// Behind an operation of which nobody can say who holds what: only the application's own references
// are counted, everything is given back, and then nothing may be left.

#include <bit>

#include "harness/execute/lockstep.h"
#include "harness/memory/heap.h"

namespace lastref {

// From here on only what the application holds is known.
void Lockstep::lose_track(const Operation& operation) {
  sure_ = false;
  state_ = holdings_.state();
  if (!holdings_.certain()) judged_ = false;
  report_losses(operation);
  report_body(operation);
  if (heap().faults_pending()) collect_faults(operation);
}

void Lockstep::report_losses(const Operation& operation) {
  if (!judged_) return;
  for (const Holdings::Loss& loss : holdings_.losses()) {
    const std::uint8_t subject = loss.session < kMaxSessions ? loss.session : kNoSubject;
    report(Discrepancy::kUnexpectedDeath, operation, subject, loss.references, 0);
  }
}

// Gives back all that the application has, in the order asked for. Whatever else held sessions goes
// with it, so that none may be left.
void Lockstep::let_go(Teardown teardown) {
  std::optional<Operation> last;
  TeardownWalk walk(teardown);
  while (const auto operation = walk.next(holdings_.state())) {
    if (failed() && !watch_.consequences) break;
    last = *operation;
    const bool failed_before = failed();
    let_go_of(*last);
    if (failed() && !failed_before && on_failed) on_failed(symptoms_);
    ++operation_;
  }
  const Operation end = at_the_end(last);
  if (judged_ && !failed()) {
    for (std::uint64_t live = holdings_.state().live; live != 0; live &= live - 1) {
      const auto number = static_cast<std::uint8_t>(std::countr_zero(live));
      report(Discrepancy::kMissingDeath, end, number, 0, 0);
    }
  }
  end_program(end);
  symptoms_.settle();
}

void Lockstep::let_go_of(const Operation& operation) {
  if (on_operation) on_operation(operation_, operation);
  witness_.begin_operation();
  holdings_.begin_operation();
  holdings_.ask(operation, kNobody);
  performer_.perform(operation, Operation{});
  holdings_.follow(witness_.events());
  report_losses(operation);
  if (watch_.quarantine) heap().check_quarantine();
  if (heap().faults_pending()) collect_faults(operation);
}

}  // namespace lastref
