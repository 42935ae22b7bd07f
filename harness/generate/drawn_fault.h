// A fault drawn for an operation: of those that a target can have, at a place that may be reached.
#ifndef LASTREF_HARNESS_GENERATE_DRAWN_FAULT_H_
#define LASTREF_HARNESS_GENERATE_DRAWN_FAULT_H_

#include <cstdint>

#include "harness/generate/random.h"
#include "harness/program/operation.h"

namespace lastref {

// An allocation that fails, or one of the requests for random bytes, once or with all that follow;
// or, of a handshake, a damaged flight. The last two where `capabilities` (LASTREF_CAN_...) has
// them. The operation is not one of those that call no library (is_local).
Fault draw_fault(Op code, std::uint64_t capabilities, Random& random);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_DRAWN_FAULT_H_
