#include "harness/reproduce/births.h"

#include <fmt/format.h>

#include "harness/reproduce/spelling.h"

namespace lastref {
namespace {

// The expression that leads to the session after the step: a connection's, or a variable that a new
// callback has put it into. "NULL" when nothing does.
std::string pointer_to(SourceDraft& draft, const State& state, std::uint8_t session) {
  for (std::uint8_t n = 0; n < kMaxConnections; ++n) {
    if (state.connections[n].alive != 0 && state.connections[n].session == session) {
      return fmt::format("SSL_get0_session({})", variable_c(draft, OperandKind::kConnection, n));
    }
  }
  for (std::uint8_t h = 0; h < kMaxHandles; ++h) {
    if (state.handles[h] == session) return variable_c(draft, OperandKind::kSession, h);
  }
  return "NULL";
}

bool bears_for_callback(const TimelineStep& step) {
  for (const ContextState& context : step.before.contexts) {
    if (context.on_remove == kOnRemoveDo && may_bear(context.body.code)) return true;
  }
  return false;
}

bool is_result(const TimelineStep& step, std::uint8_t session) {
  const Op code = step.operation.code;
  const bool makes = may_bear(code) || code == Op::COPY_SESSION;
  return makes && step.expected.result == session;
}

}  // namespace

std::string births_c(SourceDraft& draft, const TimelineStep& step) {
  std::string text;
  for (const Event& event : step.expected.events.view()) {
    if (event.kind != EventKind::kBirth || event.session >= kMaxSessions) continue;
    if (is_result(step, event.session)) continue;  // numbered with the call
    if (step.operation.code != Op::HANDSHAKE && bears_for_callback(step)) {
      draft.known[event.session] = true;  // numbered in the callback
      continue;
    }
    const std::string pointer = pointer_to(draft, step.after, event.session);
    draft.used.emplace("born");
    draft.used.emplace("numbers");
    draft.known[event.session] = pointer != "NULL";
    text += fmt::format("  born({});{}\n", pointer,
                        pointer == "NULL" ? " /* no pointer of ours leads to it */" : "");
  }
  return text;
}

}  // namespace lastref
