#include "harness/report/memory_section.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_word(MemoryFaultKind kind) {
  switch (kind) {
    case MemoryFaultKind::kNone:
      break;
    case MemoryFaultKind::kRead:
      return "read";
    case MemoryFaultKind::kWritten:
      return "written";
    case MemoryFaultKind::kTouched:
      return "touched";
    case MemoryFaultKind::kFoundWritten:
      return "found-written";
    case MemoryFaultKind::kReleasedAgain:
      return "released-again";
    case MemoryFaultKind::kInteriorRelease:
      return "interior-release";
    case MemoryFaultKind::kForeignRelease:
      return "foreign-release";
    case MemoryFaultKind::kOverrun:
      return "overrun";
    case MemoryFaultKind::kNeverReleased:
      return "never-released";
    case MemoryFaultKind::kInputOverrun:
      return "input-overrun";
  }
  return "none";
}

std::string block_text(const MemoryFault& fault) {
  if (fault.session == kNoSubject) return fmt::format("a block of {} bytes", fault.size);
  return fmt::format("{} (a block of {} bytes)", session_name(fault.session), fault.size);
}

const TimelineStep* step_of(const Timeline& timeline, int moment) {
  return moment == 0 ? nullptr : timeline.at(moment - 1);
}

// "operation 5 (free s0)"; "before the program" for no operation.
std::string moment_text(const Timeline& timeline, int moment) {
  if (moment == 0) return "outside of an operation";
  const TimelineStep* const step = step_of(timeline, moment);
  if (step == nullptr) return fmt::format("operation {}", moment);
  return fmt::format("operation {} ({})", moment, operation_text(*step));
}

std::string released_by(const MemoryFault& fault, const Timeline& timeline) {
  const TimelineStep* const step = step_of(timeline, fault.released_at);
  if (step == nullptr || fault.session == kNoSubject) return {};
  return last_holder(*step, fault.session);
}

// "    Released at operation 5 (free s0) for the application, by:" and the frames.
std::string stage_text(std::string_view what, const std::string& moment,
                       const std::vector<std::string>& stack) {
  std::string text = fmt::format("    {} at {}{}\n", what, moment, stack.empty() ? "" : ", by");
  for (const std::string& frame : stack) text += "      " + frame + "\n";
  return text;
}

std::string_view touch_word(MemoryFaultKind kind) {
  switch (kind) {
    case MemoryFaultKind::kRead:
      return "Read";
    case MemoryFaultKind::kWritten:
      return "Written";
    case MemoryFaultKind::kFoundWritten:
      return "Found so";
    case MemoryFaultKind::kReleasedAgain:
      return "Released again";
    case MemoryFaultKind::kInteriorRelease:
    case MemoryFaultKind::kForeignRelease:
      return "Released";
    default:
      return "Touched";
  }
}

}  // namespace

std::string fault_sentence(const MemoryFault& fault) {
  const std::string block = block_text(fault);
  switch (fault.kind) {
    case MemoryFaultKind::kRead:
      return fmt::format("byte {} of {} was read after its release", fault.offset, block);
    case MemoryFaultKind::kWritten:
    case MemoryFaultKind::kFoundWritten:
      return fmt::format("byte {} of {} was written after its release", fault.offset, block);
    case MemoryFaultKind::kReleasedAgain:
      return block + " was released again";
    case MemoryFaultKind::kInteriorRelease:
      return fmt::format("a pointer to byte {} of {} was released as if it were a block",
                         fault.offset, block);
    case MemoryFaultKind::kNeverReleased:
      return block + " was never released";
    case MemoryFaultKind::kForeignRelease:
      return "a pointer was released that the allocator never gave out";
    case MemoryFaultKind::kOverrun:
      return fmt::format("byte {} of {} was accessed, which is none of its bytes", fault.offset,
                         block);
    case MemoryFaultKind::kInputOverrun:
      return fmt::format("byte {} was accessed of an input of {} bytes", fault.offset, fault.size);
    default:
      return fmt::format("byte {} of {} was read or written after its release", fault.offset,
                         block);
  }
}

std::string last_holder(const TimelineStep& step, int session) {
  if (!step.judged || session >= step.before.born) return {};
  const SessionState& before = step.before.sessions[static_cast<std::size_t>(session)];
  const SessionState& after = step.after.sessions[static_cast<std::size_t>(session)];
  const bool gone = !step.after.is_live(static_cast<std::uint8_t>(session));
  // Of several that let go in one operation the cache's is the library's own.
  if (before.caches != 0 && (gone || after.caches != before.caches)) {
    return fmt::format("the cache of c{}", before.cached_by(0) ? 0 : 1);
  }
  if (before.connections > 0 && (gone || after.connections < before.connections)) {
    return "a connection";
  }
  if (before.application > 0 && (gone || after.application < before.application)) {
    return "the application";
  }
  return {};
}

std::string memory_section(const MemoryEvidence& memory, const Timeline& timeline) {
  if (memory.empty()) return {};
  const MemoryFault& fault = memory.fault;
  std::string text = fmt::format("  Memory: {}\n", fault_sentence(fault));
  if (fault.allocated_at != 0 || !memory.allocated.empty()) {
    text += stage_text("Allocated", moment_text(timeline, fault.allocated_at), memory.allocated);
  }
  if (fault.released_at != 0) {
    const std::string holder = released_by(fault, timeline);
    const std::string moment = moment_text(timeline, fault.released_at);
    text += stage_text("Released", holder.empty() ? moment : moment + " for " + holder,
                       memory.released);
  }
  if (fault.kind == MemoryFaultKind::kNeverReleased) return text;
  return text + stage_text(touch_word(fault.kind), moment_text(timeline, fault.touched_at),
                           memory.touched);
}

Json memory_json(const MemoryEvidence& memory, const Timeline& timeline) {
  if (memory.empty()) return {};
  const MemoryFault& fault = memory.fault;
  const auto stage = [](int moment, const std::vector<std::string>& stack) {
    Json json;
    json["operation"] = moment == 0 ? Json() : Json(moment);
    json["stack"] = stack;
    return json;
  };
  Json json;
  json["kind"] = kind_word(fault.kind);
  json["session"] = fault.session == kNoSubject ? Json() : Json(session_name(fault.session));
  json["size"] = fault.size;
  json["offset"] = fault.offset;
  json["sentence"] = fault_sentence(fault);
  json["allocated"] = stage(fault.allocated_at, memory.allocated);
  json["released"] = stage(fault.released_at, memory.released);
  const std::string holder = released_by(fault, timeline);
  json["released"]["owner"] = holder.empty() ? Json() : Json(holder);
  json["touched"] = stage(fault.touched_at, memory.touched);
  return json;
}

}  // namespace lastref
