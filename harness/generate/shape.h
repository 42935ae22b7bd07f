// A row of the operation table as a generator reads it, thirty times a microsecond.
#ifndef LASTREF_HARNESS_GENERATE_SHAPE_H_
#define LASTREF_HARNESS_GENERATE_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/program/operation.h"

namespace lastref {

// What must be there before an operation can be drawn.
enum Need : std::uint8_t {
  kNeedsSession = 1,
  kNeedsContext = 2,
  kNeedsConnection = 4,
  kNeedsBlob = 8,
};

// What a session operand should point to; kAny of the live ones where there is none.
enum class Wish : std::uint8_t { kAny, kOwned, kWithId, kWithoutId, kNegotiated };

// The operands that most operations have. Told apart once for each operation: a look at each
// operand's kind would be a jump that no processor can foresee.
enum class Pattern : std::uint8_t {
  kOther,
  kNone,
  kSession,
  kSessionValue,
  kContext,
  kContextValue,
  kContextSession,
};

struct Shape {
  std::uint8_t needs = 0;  // bits of Need
  Pattern pattern = Pattern::kOther;
  Wish wish = Wish::kAny;
  std::uint8_t operands = 0;
  std::array<OperandKind, kMaxOperands> kinds{};
  std::array<std::uint8_t, kMaxOperands> ranges{};
  Result result = Result::NONE;
  std::uint8_t result_range = 0;
};

namespace internal {
extern const std::array<Shape, kOperationLimit> kShapeOf;  // worked out at start
}  // namespace internal

inline const Shape& shape_of(Op code) { return internal::kShapeOf[static_cast<std::size_t>(code)]; }

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_SHAPE_H_
