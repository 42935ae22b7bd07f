#include "harness/report/struck_section.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <vector>

#include "harness/model/event.h"

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

// A line of the section; the first refusal has the stack of whoever asked below it.
struct Line {
  std::string text;
  bool refusal = false;
};

std::string counted(std::int64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string refusal_text(const StruckMoment& moment, FaultKind kind) {
  const std::string more =
      moment.count > 1 ? fmt::format(", and the next {}", moment.count - 1) : "";
  switch (kind) {
    case FaultKind::kRandom:
      return "a request for random bytes fails" + more;
    case FaultKind::kLock:
      return "a request for a lock fails" + more;
    default:
      return fmt::format("an allocation of {} fails{}", counted(moment.value, "byte"), more);
  }
}

std::string moment_text(const StruckMoment& moment, FaultKind kind) {
  const Event& event = moment.event;
  switch (moment.kind) {
    case StruckMoment::Kind::kRefusal:
      return refusal_text(moment, kind);
    case StruckMoment::Kind::kConnection:
      return fmt::format("connection n{} has {}", event.context, session_name(event.session));
    case StruckMoment::Kind::kApplication:
      return fmt::format("the application has {} to {}", counted(moment.value, "reference"),
                         session_name(event.session));
    case StruckMoment::Kind::kEvent:
      break;
  }
  return event_text(event);
}

std::string result_text(const TimelineStep* step, std::int64_t result) {
  if (result == kResultUnknown) return "it returns something that was never seen";
  if (result == kResultNull) return "it returns NULL";
  const bool session = step != nullptr && row(step->operation.code).result == Result::SESSION;
  if (session) return "it returns " + session_name(static_cast<int>(result));
  return fmt::format("it returns {}", result);
}

// What is behind the operation stands behind its result.
bool is_behind(const StruckMoment& moment) {
  return moment.kind == StruckMoment::Kind::kConnection ||
         moment.kind == StruckMoment::Kind::kApplication;
}

std::vector<Line> lines_of(const StruckOperation& struck, const Timeline& timeline) {
  std::vector<Line> lines;
  for (const StruckMoment& moment : struck.moments()) {
    if (is_behind(moment)) continue;
    lines.push_back(
        {moment_text(moment, struck.refused()), moment.kind == StruckMoment::Kind::kRefusal});
  }
  if (struck.left_out() > 0) lines.push_back({fmt::format("and {} more", struck.left_out())});
  if (!struck.ended()) {
    lines.push_back({"it did not come to its end"});
    return lines;
  }
  lines.push_back({result_text(timeline.at(struck.number() - 1), struck.result())});
  for (const StruckMoment& moment : struck.moments()) {
    if (is_behind(moment)) lines.push_back({moment_text(moment, struck.refused())});
  }
  const std::int64_t blocks = struck.blocks();
  if (blocks != 0) {
    lines.push_back({fmt::format("{} {} than before it", counted(std::abs(blocks), "live block"),
                                 blocks > 0 ? "more" : "fewer")});
  }
  return lines;
}

}  // namespace

std::string struck_section(const StruckEvidence& struck, const Timeline& timeline) {
  if (struck.empty()) return {};
  const StruckOperation& of = struck.operation;
  const TimelineStep* const step = timeline.at(of.number() - 1);
  std::string text = fmt::format("  What was seen of operation {}{}, in its order:\n", of.number(),
                                 step == nullptr ? "" : " (" + operation_text(*step) + ")");
  bool asked = false;
  for (const Line& line : lines_of(of, timeline)) {
    const bool first = line.refusal && !asked && !struck.asked.empty();
    text += fmt::format("  {}   {}{}\n", line.refusal ? '!' : ' ', line.text,
                        first ? "; it was asked for by" : "");
    if (!first) continue;
    asked = true;
    for (const std::string& frame : struck.asked) text += "        " + frame + "\n";
  }
  return text;
}

Json struck_json(const StruckEvidence& struck, const Timeline& timeline) {
  if (struck.empty()) return {};
  Json json;
  json["operation"] = struck.operation.number();
  json["ended"] = struck.operation.ended();
  Json seen = Json::array();
  for (const Line& line : lines_of(struck.operation, timeline)) seen.push_back(line.text);
  json["seen"] = std::move(seen);
  json["asked_for_by"] = struck.asked;
  return json;
}

}  // namespace lastref
