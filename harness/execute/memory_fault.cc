#include "harness/execute/memory_fault.h"

#include "harness/memory/guarded_input.h"

namespace lastref {
namespace {

MemoryFaultKind kind_of(HeapFaultKind kind) {
  switch (kind) {
    case HeapFaultKind::kForeignRelease:
      return MemoryFaultKind::kForeignRelease;
    case HeapFaultKind::kInteriorRelease:
      return MemoryFaultKind::kInteriorRelease;
    case HeapFaultKind::kDoubleRelease:
      return MemoryFaultKind::kReleasedAgain;
    case HeapFaultKind::kWriteAfterRelease:
      return MemoryFaultKind::kFoundWritten;
    case HeapFaultKind::kOverrun:
      break;
  }
  return MemoryFaultKind::kOverrun;
}

MemoryFaultKind kind_of(Access access) {
  switch (access) {
    case Access::kRead:
      return MemoryFaultKind::kRead;
    case Access::kWrite:
      return MemoryFaultKind::kWritten;
    case Access::kUnknown:
      break;
  }
  return MemoryFaultKind::kTouched;
}

std::uint8_t subject(bool session, std::uint32_t tag) {
  return session ? static_cast<std::uint8_t>(tag) : kNoSubject;
}

void add_stacks(MemoryFault& fault, const GuardSlot* slot) {
  if (slot == nullptr) return;
  fault.allocated = slot->allocated;
  if (fault.released_at != 0) fault.released = slot->released;
}

MemoryFault never_released(const BlockInfo& info) {
  MemoryFault fault;
  if (info.state != BlockState::kLive) return fault;
  fault.kind = MemoryFaultKind::kNeverReleased;
  fault.session = subject(info.session, info.tag);
  fault.size = info.size;
  fault.allocated_at = info.allocated_at;
  add_stacks(fault, info.slot);
  return fault;
}

}  // namespace

MemoryFault faulting_access(const void* address, Access access) {
  MemoryFault fault;
  if (guarded_input().is_behind(address)) {
    fault.kind = MemoryFaultKind::kInputOverrun;
    fault.size = static_cast<std::uint32_t>(guarded_input().size());
    fault.offset = static_cast<std::uint32_t>(guarded_input().offset_of(address));
    return fault;
  }
  const BlockInfo info = heap().describe(address);
  const bool live = info.state == BlockState::kLive;
  if (info.state == BlockState::kForeign || (live && info.offset < info.size)) return fault;
  fault.kind = live ? MemoryFaultKind::kOverrun : kind_of(access);
  fault.session = subject(info.session, info.tag);
  fault.size = info.size;
  fault.offset = info.offset;
  fault.allocated_at = info.allocated_at;
  fault.released_at = info.released_at;
  add_stacks(fault, info.slot);
  return fault;
}

MemoryFault never_released(const void* session) { return never_released(heap().describe(session)); }

MemoryFault left_over() { return never_released(heap().left_over()); }

MemoryFault seen_by_heap(const HeapFault& seen) {
  MemoryFault fault;
  fault.kind = kind_of(seen.kind);
  fault.session = subject(seen.session, seen.tag);
  fault.size = seen.size;
  fault.offset = seen.offset;
  fault.allocated_at = seen.allocated_at;
  fault.released_at = seen.released_at;
  add_stacks(fault, seen.slot);
  // A write that is found late was made by nobody on the stack.
  if (fault.kind != MemoryFaultKind::kFoundWritten) fault.touched = seen.stack;
  return fault;
}

Discrepancy discrepancy(MemoryFaultKind kind) {
  switch (kind) {
    case MemoryFaultKind::kNone:
      return Discrepancy::kNone;
    case MemoryFaultKind::kRead:
    case MemoryFaultKind::kTouched:
      return Discrepancy::kReadAfterRelease;
    case MemoryFaultKind::kWritten:
    case MemoryFaultKind::kFoundWritten:
      return Discrepancy::kPoisonOverwritten;
    case MemoryFaultKind::kNeverReleased:
      return Discrepancy::kMissingDeath;
    case MemoryFaultKind::kReleasedAgain:
      return Discrepancy::kDoubleRelease;
    case MemoryFaultKind::kInteriorRelease:
      return Discrepancy::kInteriorRelease;
    case MemoryFaultKind::kForeignRelease:
      return Discrepancy::kForeignRelease;
    case MemoryFaultKind::kOverrun:
      return Discrepancy::kOverrun;
    case MemoryFaultKind::kInputOverrun:
      return Discrepancy::kInputOverrun;
  }
  return Discrepancy::kNone;
}

Symptom symptom_of(const MemoryFault& fault, std::uint32_t at) {
  constexpr unsigned kCodeShift = 16;
  Symptom symptom;
  symptom.what = discrepancy(fault.kind);
  symptom.verdict = verdict_of(symptom.what);
  symptom.subject = fault.session;
  symptom.operation = static_cast<std::uint16_t>(at);
  symptom.code = static_cast<Op>(at >> kCodeShift);
  symptom.found = fault.kind == MemoryFaultKind::kReleasedAgain ? fault.size : fault.offset;
  if (fault.kind == MemoryFaultKind::kInputOverrun) symptom.expected = fault.size;
  return symptom;
}

}  // namespace lastref
