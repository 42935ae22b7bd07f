// How the operands of an operation become the fields of a call: worked out once for each row of the
// operation table, so that a call is filled in with hardly a branch.
#ifndef LASTREF_HARNESS_EXECUTE_CALL_PLAN_H_
#define LASTREF_HARNESS_EXECUTE_CALL_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/program/operation.h"

namespace lastref {

// Room that i2d gets: no session of a program encodes to a tenth of it.
inline constexpr std::int64_t kEncodingBytes = 16384;

// What an operand that is no handle stands for: bytes, or a number.
struct CallValue {
  const std::uint8_t* bytes = nullptr;
  std::size_t length = 0;
  std::int64_t value = 0;
};

// More than any pool has values.
inline constexpr std::size_t kPlannedValues = 16;

struct CallPlan {
  // The places of operands, whose fourth is always zero: "none of them".
  static constexpr std::uint8_t kNowhere = 3;

  // The plan says all of the call, and its result is the value that the target returns. Else it has
  // connections, blobs or two values, or is no call at all, or its result is an object or bytes.
  bool direct = false;
  bool local = false;  // what the application does without the library
  bool has_session = false;
  bool has_context = false;
  std::uint8_t session = kNowhere;
  std::uint8_t context = kNowhere;
  std::uint8_t value = kNowhere;
  bool plain_result = false;
  // By the operand; the first where there is none.
  std::array<CallValue, kPlannedValues> values{};
};

namespace internal {
extern const std::array<CallPlan, kOperationLimit> kPlanOf;  // worked out at start
}  // namespace internal

inline const CallPlan& plan_of(Op code) {
  return internal::kPlanOf[static_cast<std::size_t>(code)];
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_CALL_PLAN_H_
