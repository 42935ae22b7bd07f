#include "harness/report/timeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

#include "harness/model/renumbering.h"
#include "harness/program/fault_words.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

// A program decodes damaged bytes once or twice; beyond this many the last reading is kept.
constexpr int kMaxReadings = 64;

// Operations of a teardown; a model that never ends one is stopped here.
constexpr int kMaxTeardown = 4 * kMaxOperations;

class Walk {
 public:
  Walk(const Contract& contract, const Program& program) : model_(contract), program_(program) {}

  // The n-th choice of the walk is the n-th bit of `reading`.
  Timeline run(unsigned reading) {
    reading_ = reading;
    choices_ = 0;
    broken_ = false;
    legal_ = 0;
    State state;
    Timeline timeline;
    for (int i = 0; i < program_.size; ++i) {
      const Operation& operation = program_.operations[static_cast<std::size_t>(i)];
      TimelineStep step;
      step.index = i;
      step.operation = operation;
      if (has_body(operation) && i + 1 < program_.size) {
        step.body = program_.operations[static_cast<std::size_t>(++i)];
      }
      take(step, state, timeline);
    }
    for (int n = 0; !broken_ && n < kMaxTeardown; ++n) {
      const auto operation = next_teardown(state, program_.teardown);
      if (!operation) break;
      TimelineStep step;
      step.index = program_.size + n;
      step.teardown = true;
      step.operation = *operation;
      take(step, state, timeline);
    }
    return timeline;
  }

  int choices() const { return choices_; }
  int legal() const { return legal_; }
  bool broken() const { return broken_; }

 private:
  void take(TimelineStep& step, State& state, Timeline& timeline) {
    step.before = state;
    step.judged = !broken_;
    if (!broken_) {
      step.legality = model_.step(state, step.operation, step.body, step.expected, 0);
      if (step.legality == Legality::kLegal && step.expected.choices > 1) {
        const bool other = (reading_ >> choices_ & 1U) != 0;
        if (choices_ < 31) ++choices_;
        if (other) {
          state = step.before;
          step.legality = model_.step(state, step.operation, step.body, step.expected, 1);
        }
      }
      broken_ = step.legality != Legality::kLegal;
      if (broken_) {
        state = step.before;
        step.expected.clear();
      } else {
        ++legal_;
      }
    }
    step.after = state;
    timeline.steps.push_back(step);
  }

  Model model_;
  const Program& program_;
  unsigned reading_ = 0;
  int choices_ = 0;
  int legal_ = 0;
  bool broken_ = false;
};

// The one owner that may hold several.
constexpr const char* kApplication = "application";

std::string context_word(int context) { return fmt::format("c{}", context); }

std::string plural(int count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::vector<std::string> holding_connections(const State& state, int session) {
  std::vector<std::string> words;
  for (std::size_t n = 0; n < state.connections.size(); ++n) {
    const ConnectionState& connection = state.connections[n];
    if (connection.alive != 0 && connection.session == session)
      words.push_back(fmt::format("n{}", n));
  }
  return words;
}

std::vector<std::uint8_t> linking_contexts(const SessionState& session) {
  std::vector<std::uint8_t> contexts;
  for (std::uint8_t context = 0; context < kMaxContexts; ++context) {
    if (session.cached_by(context)) contexts.push_back(context);
  }
  return contexts;
}

const SessionState& session_of(const State& state, int session) {
  return state.sessions[static_cast<std::size_t>(session)];
}

bool lives(const State& state, int session) {
  return state.is_live(static_cast<std::uint8_t>(session));
}

// One event of the step, in words.
std::string event_text(const TimelineStep& step, const Event& event) {
  if (event.kind != EventKind::kBirth || !lives(step.after, event.session)) {
    return lastref::event_text(event);
  }
  return fmt::format("{} is born: {}", session_with_handles(step.after, event.session),
                     holders(step.after, event.session));
}

// What became of a session that lived before the step and lives after it, if anything.
void session_changes(const TimelineStep& step, int session, std::vector<std::string>& lines) {
  if (!lives(step.before, session) || !lives(step.after, session)) return;
  const std::string named = session_with_handles(step.after, session);
  const std::string now = holders(step.after, session);
  if (now != holders(step.before, session)) {
    lines.push_back(fmt::format("{}: {}", named, now));
  } else if (session_with_handles(step.before, session) != named) {
    lines.push_back(fmt::format("{}: no reference taken", named));
  }
  if (resumable(session_of(step.before, session).contents) &&
      session_of(step.after, session).contents.marked != 0) {
    lines.push_back(session_name(session) + " is not resumable any more");
  }
}

}  // namespace

const TimelineStep* Timeline::at(int index) const {
  const TimelineStep* found = nullptr;
  for (const TimelineStep& step : steps) {
    if (step.index <= index) found = &step;
  }
  if (found == nullptr) return nullptr;
  const bool is_own = found->index == index;
  const bool is_body = has_body(found->operation) && found->index + 1 == index;
  return is_own || is_body ? found : nullptr;
}

Timeline make_timeline(const Contract& contract, const Program& program) {
  Walk walk(contract, program);
  Timeline best = walk.run(0);
  int most = walk.legal();
  for (unsigned reading = 1; walk.broken() && reading < kMaxReadings; ++reading) {
    if (walk.choices() < 31 && reading >> walk.choices() != 0) break;
    Timeline other = walk.run(reading);
    if (walk.legal() <= most) continue;
    most = walk.legal();
    best = std::move(other);
  }
  return best;
}

std::string session_name(int session) {
  if (session == kNobody) return "no session";
  if (session == kTemporary) return "a session that the handshake itself ended";
  return fmt::format("session {}", session + 1);
}

std::string callback_name(const Event& event) {
  if (event.kind == EventKind::kRemoveCallback) {
    return fmt::format("the {} of {}", name(event.kind), context_word(event.context));
  }
  // The callback is its context's, but which connection of that asked is what the event says.
  return event.context == kNobody
             ? fmt::format("the {} for an unknown connection", name(event.kind))
             : fmt::format("the {} for connection n{}", name(event.kind), event.context);
}

std::string event_text(const Event& event) {
  switch (event.kind) {
    case EventKind::kBirth:
      return session_name(event.session) + " is born";
    case EventKind::kDeath:
      return session_name(event.session) + " is destroyed";
    case EventKind::kServername:
      return fmt::format("{} switches to c{}", callback_name(event), event.value);
    case EventKind::kNestedEnd:
      return "the operation in the callback ends";
    default:
      return fmt::format("{} {} {}", callback_name(event),
                         event.kind == EventKind::kGetCallback ? "returns" : "runs with",
                         session_name(event.session));
  }
}

std::string session_with_handles(const State& state, int session) {
  std::vector<std::string> words;
  for (std::size_t h = 0; h < state.handles.size(); ++h) {
    if (state.handles[h] == session) words.push_back(fmt::format("s{}", h));
  }
  if (words.empty()) return session_name(session);
  return fmt::format("{} ({})", session_name(session), fmt::join(words, ", "));
}

std::vector<Holding> holdings(const State& state, int session) {
  std::vector<Holding> all;
  if (session >= state.born) return all;
  const SessionState& held = session_of(state, session);
  if (held.application > 0) all.push_back({kApplication, held.application});
  for (const std::uint8_t context : linking_contexts(held)) {
    all.push_back({"cache " + context_word(context), 1});
  }
  for (const std::string& word : holding_connections(state, session)) {
    all.push_back({"connection " + word, 1});
  }
  return all;
}

std::string holders(const State& state, int session) {
  std::vector<std::string> parts;
  for (const Holding& holding : holdings(state, session)) {
    parts.push_back(holding.owner == kApplication
                        ? fmt::format("{} {}", holding.owner, holding.references)
                        : holding.owner);
  }
  if (parts.empty()) return "nobody";
  return fmt::format("{} = {}", fmt::join(parts, ", "),
                     plural(session_of(state, session).holders(), "reference"));
}

std::string holders_sentence(const State& state, int session) {
  if (session >= state.born) return {};
  const SessionState& held = session_of(state, session);
  std::vector<std::string> parts;
  if (held.application > 0) {
    parts.push_back("the application still holds " + plural(held.application, "reference"));
  }
  for (const std::uint8_t context : linking_contexts(held)) {
    parts.push_back(fmt::format("the cache of {} still links it", context_word(context)));
  }
  for (const std::string& word : holding_connections(state, session)) {
    parts.push_back(fmt::format("connection {} still holds it", word));
  }
  std::string sentence;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) sentence += i + 1 == parts.size() ? " and " : ", ";
    sentence += parts[i];
  }
  return sentence;
}

std::vector<std::string> changes(const TimelineStep& step) {
  std::vector<std::string> lines;
  for (const Event& event : step.expected.events.view()) lines.push_back(event_text(step, event));
  for (int session = 0; session < step.after.born; ++session) session_changes(step, session, lines);
  // The model alone cannot say which: it goes on as if the call had done without.
  if (step.operation.fault.any()) {
    lines.push_back(fault_clause(step.operation.fault) +
                    " in it, so that it may have done nothing of it");
  }
  return lines;
}

std::string operation_text(const TimelineStep& step) {
  std::string text = print_operation(step.operation);
  if (step.operation.thread != 0) text = fmt::format("t{}: {}", step.operation.thread, text);
  if (has_body(step.operation)) text += " " + print_operation(step.body);
  return text;
}

}  // namespace lastref
