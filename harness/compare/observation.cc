#include "harness/compare/observation.h"

#include <fmt/format.h>
#include <lastref/target_abi.h>

#include <algorithm>
#include <bit>

#include "harness/model/symbols.h"

namespace lastref {
namespace {

// A number that tells two contents apart in one respect. What a library chose itself is no choice
// of its contract.
std::int64_t field(const Contents& contents, Seen what) {
  const auto known = [](std::uint32_t value) -> std::int64_t {
    return is_symbol(value) ? -1 : std::int64_t{value};
  };
  switch (what) {
    case Seen::kId:
      return known(contents.id);
    case Seen::kIdContext:
      return known(contents.id_context);
    case Seen::kTime:
      return contents.time;
    case Seen::kTimeout:
      return contents.timeout;
    case Seen::kVersion:
      return contents.version;
    case Seen::kExData:
      return contents.ex_data;
    default:
      return resumable(contents) ? 1 : 0;
  }
}

struct FieldRow {
  Seen what;
  std::uint64_t capability;
  std::string_view name;
};
constexpr FieldRow kFields[] = {
    {Seen::kTimeout, LASTREF_CAN_SESSION, "the timeout"},
    {Seen::kTime, LASTREF_CAN_SESSION, "the time"},
    {Seen::kId, LASTREF_CAN_SESSION, "the id"},
    {Seen::kIdContext, LASTREF_CAN_SET_ID, "the id context"},
    {Seen::kResumable, LASTREF_CAN_SESSION, "resumability"},
    {Seen::kVersion, LASTREF_CAN_VERSION, "the version"},
    {Seen::kExData, LASTREF_CAN_EX_DATA, "the ex_data"},
};

// Events without births, which a result tells, and in one order where the contract has none.
std::vector<Event> visible_events(const Observation& of, bool sorted) {
  std::vector<Event> events;
  for (const Event& event : of.expected.events.view()) {
    if (event.kind != EventKind::kBirth) events.push_back(event);
  }
  if (sorted) std::ranges::stable_sort(events, {}, &Event::session);
  return events;
}

bool is_unordered(const Observation& of) {
  return of.expected.unordered_to > of.expected.unordered_from;
}

std::string events_text(const Observation& of) {
  std::string text;
  for (const Event& event : visible_events(of, is_unordered(of))) {
    if (!text.empty()) text += ", ";
    const std::string session =
        event.session >= kMaxSessions ? "none" : fmt::format("session {}", event.session + 1);
    text += event.kind == EventKind::kNestedEnd ? fmt::format("returned {}", event.value)
                                                : fmt::format("{} {}", name(event.kind), session);
  }
  return text.empty() ? "nothing" : text;
}

bool holds_in_both(const Observation& a, const Observation& b, std::uint8_t session) {
  return a.state.is_live(session) && b.state.is_live(session);
}

}  // namespace

Record record_of(const Contract& contract, const Program& program) {
  const Model model(contract);
  Record record;
  Observation at;
  for (int i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[static_cast<std::size_t>(i)];
    Operation body;
    if (has_body(operation)) body = program.operations[static_cast<std::size_t>(++i)];
    if (model.step(at.state, operation, body, at.expected) != Legality::kLegal) {
      record.legal = false;
      return record;
    }
    record.steps.push_back(at);
  }
  return record;
}

int operation_of_step(const Program& program, std::size_t step) {
  int index = 0;
  for (; step > 0; --step) {
    index += has_body(program.operations[static_cast<std::size_t>(index)]) ? 2 : 1;
  }
  return index;
}

std::optional<SeenDifference> difference(const Operation& operation, const Observation& a,
                                         const Observation& b, std::uint64_t capabilities) {
  const bool any = a.expected.any_result || b.expected.any_result;
  const bool bytes = row(operation.code).capability_name == "TICKET";
  if (!any && !bytes && a.expected.result != b.expected.result) {
    return SeenDifference{Seen::kResult, 0};
  }
  const bool sorted = is_unordered(a) || is_unordered(b);
  if (visible_events(a, sorted) != visible_events(b, sorted)) {
    return SeenDifference{Seen::kEvents, 0};
  }
  for (std::uint8_t session = 0; session < kMaxSessions; ++session) {
    if (!holds_in_both(a, b, session)) continue;
    const Contents& one = a.state.sessions[session].contents;
    const Contents& other = b.state.sessions[session].contents;
    for (const FieldRow& of : kFields) {
      if ((capabilities & of.capability) == 0) continue;
      if (field(one, of.what) != field(other, of.what)) return SeenDifference{of.what, session};
    }
  }
  for (std::uint8_t i = 0; i < kMaxContexts; ++i) {
    const ContextState& one = a.state.contexts[i];
    const ContextState& other = b.state.contexts[i];
    if (!one.alive() || !other.alive()) continue;
    if (one.count != other.count) return SeenDifference{Seen::kNumber, i};
    if (one.cache_full != other.cache_full) return SeenDifference{Seen::kCacheFull, i};
  }
  return std::nullopt;
}

std::string seen_text(const SeenDifference& where, const Operation& operation,
                      const Observation& of) {
  switch (where.what) {
    case Seen::kResult:
      if (of.expected.result == kResultNull) return "NULL";
      if (row(operation.code).result == Result::SESSION) {
        return fmt::format("session {}", of.expected.result + 1);
      }
      return std::to_string(of.expected.result);
    case Seen::kEvents:
      return events_text(of);
    case Seen::kNumber:
      return std::to_string(of.state.contexts[where.subject].count);
    case Seen::kCacheFull:
      return std::to_string(of.state.contexts[where.subject].cache_full);
    default:
      if (!of.state.is_live(where.subject)) return "no such session";
      return std::to_string(field(of.state.sessions[where.subject].contents, where.what));
  }
}

std::string name_of(const SeenDifference& where) {
  if (where.what == Seen::kResult) return "the result";
  if (where.what == Seen::kEvents) return "what happens";
  if (where.what == Seen::kNumber) return fmt::format("the sessions in c{}", where.subject);
  if (where.what == Seen::kCacheFull) return fmt::format("the evictions of c{}", where.subject);
  const auto* of = std::ranges::find(kFields, where.what, &FieldRow::what);
  return fmt::format("{} of session {}", of->name, where.subject + 1);
}

}  // namespace lastref
