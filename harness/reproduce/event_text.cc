#include "harness/reproduce/event_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lastref {
namespace {

struct Line {
  int session = 0;  // its number; 0 for one that is not known
  bool death = false;
  std::string text;
};

bool is_known(const SourceDraft& draft, std::uint8_t session) {
  return session < kMaxSessions && draft.known[session];
}

std::string session_word(const SourceDraft& draft, std::uint8_t session) {
  if (session == kNobody) return "no session";
  return is_known(draft, session) ? fmt::format("session {}", session + 1) : "a session";
}

// The context whose servername callback runs for the connection.
std::uint8_t naming_context(const State& state, const ConnectionState& connection) {
  const bool of_current = state.contexts[connection.context].on_servername != kNobody;
  return of_current ? connection.context : connection.session_context;
}

// Whether the last callback's operation has a result to tell.
bool tells_result(const TimelineStep& step, const Event& callback) {
  if (callback.kind != EventKind::kRemoveCallback) {
    if (callback.context >= kMaxConnections) return false;
    const ConnectionState& connection = step.before.connections[callback.context];
    const bool named = callback.kind == EventKind::kServername;
    const ContextState& context =
        step.before
            .contexts[named ? naming_context(step.before, connection) : connection.session_context];
    const Inside inside = named                                      ? Inside::kServername
                          : callback.kind == EventKind::kNewCallback ? Inside::kNew
                                                                     : Inside::kGet;
    return context.acts(inside) &&
           returns_number_inside(context.inside[static_cast<std::size_t>(inside)].code);
  }
  if (callback.context >= kMaxContexts) return false;
  const ContextState& context = step.before.contexts[callback.context];
  return context.on_remove == kOnRemoveDo && returns_number(context.body.code);
}

std::vector<Line> lines_of(const SourceDraft& draft, const TimelineStep& step) {
  std::vector<Line> lines;
  const Event* callback = nullptr;
  for (const Event& event : step.expected.events.view()) {
    const std::string word = session_word(draft, event.session);
    Line line;
    if (is_known(draft, event.session)) line.session = event.session + 1;
    switch (event.kind) {
      case EventKind::kBirth:
        continue;
      case EventKind::kServername:
        callback = &event;
        line.text = fmt::format("{} at the servername of n{}", word, event.context);
        break;
      case EventKind::kDeath:
        if (line.session == 0) continue;
        line.death = true;
        line.text = word + " destroyed";
        break;
      case EventKind::kRemoveCallback:
        callback = &event;
        line.text = fmt::format("{} removed from c{}", word, event.context);
        break;
      case EventKind::kNewCallback:
        callback = &event;
        line.text = fmt::format("{} new for n{}", word, event.context);
        break;
      case EventKind::kGetCallback:
        callback = &event;
        line.text = fmt::format("{} found for n{}", word, event.context);
        break;
      case EventKind::kNestedEnd:
        if (callback == nullptr || !tells_result(step, *callback)) continue;
        line.session = lines.empty() ? 0 : lines.back().session;
        line.text = fmt::format("the callback's call returned {}", event.value);
        break;
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

// Without callbacks a program keeps no list, and tells of destructions by number.
EventOrder event_order(const SourceDraft& draft, const TimelineStep& step) {
  if (!draft.used.contains("list")) return EventOrder::kBySession;
  if (step.operation.code == Op::HANDSHAKE) return EventOrder::kDeathsLast;
  return step.expected.unordered_to > step.expected.unordered_from ? EventOrder::kBySession
                                                                   : EventOrder::kAsSeen;
}

std::string events_text(const SourceDraft& draft, const TimelineStep& step) {
  std::vector<Line> lines = lines_of(draft, step);
  const EventOrder order = event_order(draft, step);
  if (order != EventOrder::kAsSeen) {
    std::stable_sort(lines.begin(), lines.end(), [order](const Line& a, const Line& b) {
      if (order == EventOrder::kBySession) return a.session < b.session;
      return (a.death ? a.session : 0) < (b.death ? b.session : 0);
    });
  }
  std::string text;
  for (const Line& line : lines) text += (text.empty() ? "" : "; ") + line.text;
  return text;
}

// A session that is being made, and what a handshake has not made up its mind about.
bool returns_number_inside(Op code) {
  return code != Op::IS_RESUMABLE && code != Op::HAS_TICKET && returns_number(code);
}

bool returns_number(Op code) {
  switch (code) {
    case Op::SESSION_FREE:
    case Op::SESSION_FORGET:
    case Op::CONTEXT_FREE:
    case Op::CONNECTION_FREE:
    case Op::CACHE_FLUSH:
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
    case Op::I2D_LENGTH:
    case Op::SET_TICKETS:
    case Op::CLOCK_ADVANCE:
    case Op::D2I_INTO:
    case Op::IN_NEW:
    case Op::IN_GET:
    case Op::IN_SERVERNAME:
    case Op::ON_NEW:
    case Op::ON_GET:
    case Op::ON_REMOVE:
    case Op::ON_SERVERNAME:
    case Op::SET_CONTEXT:
      return false;
    default:
      return row(code).result == Result::NONE;
  }
}

}  // namespace lastref
