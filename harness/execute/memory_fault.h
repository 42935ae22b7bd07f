// What was done to a block that must not be: which block, since when, by whom. The allocator sees
// some of it, a fault at an instruction the rest.
#ifndef LASTREF_HARNESS_EXECUTE_MEMORY_FAULT_H_
#define LASTREF_HARNESS_EXECUTE_MEMORY_FAULT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/execute/symptom.h"
#include "harness/memory/heap.h"

namespace lastref {

enum class MemoryFaultKind : std::uint8_t {
  kNone,
  kRead,             // of a released block
  kWritten,          // a released block, at an instruction
  kTouched,          // read or written: the machine does not say which
  kFoundWritten,     // a released block, at some time before the moment
  kReleasedAgain,    // a block that was released
  kInteriorRelease,  // of a pointer into a block
  kForeignRelease,   // of a pointer to no block
  kOverrun,          // an access beyond a block's end, or before its start
  kNeverReleased,    // a block that should have been
  kInputOverrun,     // an access behind the bytes that are decoded; size: how many those are
};

// Plain data: it crosses a process boundary. Moments are numbers of operations, counted from 1; 0
// for none.
struct MemoryFault {
  MemoryFaultKind kind = MemoryFaultKind::kNone;
  std::uint8_t session = kNoSubject;  // whose block it is, or kNoSubject
  std::uint16_t allocated_at = 0;
  std::uint16_t released_at = 0;
  std::uint16_t touched_at = 0;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;  // of the first byte touched, from the block's start
  CallStack allocated;
  CallStack released;
  CallStack touched;

  bool empty() const { return kind == MemoryFaultKind::kNone; }
};

// How an instruction accessed memory.
enum class Access : std::uint8_t { kUnknown, kRead, kWrite };

// Of an access that faulted at an address: nothing when that is in no block of the heap, or where a
// live block may be accessed. Safe in a signal handler.
MemoryFault faulting_access(const void* address, Access access);
// Of a session's block that should have been released.
MemoryFault never_released(const void* session);
// Of a block that is left over at the end of a program: nothing unless each is on guard pages.
MemoryFault left_over();
// Of what the heap saw.
MemoryFault seen_by_heap(const HeapFault& fault);

// "poison-overwritten", ... and with it the verdict.
Discrepancy discrepancy(MemoryFaultKind kind);

// The symptom that a fault is. `at`: as pack_operation() has it.
Symptom symptom_of(const MemoryFault& fault, std::uint32_t at);

// The same with stacks that can be read: a frame is "SSL_SESSION_free+0x1b (libssl.so.3)".
struct MemoryEvidence {
  MemoryFault fault;
  std::vector<std::string> allocated;
  std::vector<std::string> released;
  std::vector<std::string> touched;

  bool empty() const { return fault.empty(); }
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_MEMORY_FAULT_H_
