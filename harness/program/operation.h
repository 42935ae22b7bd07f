// One operation of a program, and what the operation table says of its kind.
#ifndef LASTREF_HARNESS_PROGRAM_OPERATION_H_
#define LASTREF_HARNESS_PROGRAM_OPERATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/program/operation_fault.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// NOLINTBEGIN(bugprone-macro-parentheses): an enumerator takes none.
enum class Op : std::uint8_t {
#define LASTREF_OPERATION(number, id, name, result, operands, effect, capability, weight, c) \
  id = number,
#include "harness/program/include/lastref/operations.def"
#undef LASTREF_OPERATION
};
// NOLINTEND(bugprone-macro-parentheses)

// What an operation does to references, as a reader of the table wants to know it.
enum class Effect : std::uint8_t { NEUTRAL, ACQUIRE, RELEASE, BORROW, REPLACE, FORGET };

// What an operation assigns.
enum class Result : std::uint8_t { NONE, SESSION, CONTEXT, CONNECTION, BLOB };

// The letter is that of the table's operand column.
enum class OperandKind : char {
  kSession = 's',
  kSessionOrNull = 'S',
  kContext = 'c',
  kConnection = 'n',
  kBlob = 'b',
  kId = 'i',
  kIdContext = 'x',
  kTime = 't',
  kTimeout = 'o',
  kHostname = 'h',
  kAlpn = 'a',
  kTicket = 'k',
  kAppdata = 'd',
  kMasterKey = 'm',
  kExData = 'e',
  kVersion = 'v',
  kCacheSize = 'z',
  kCacheMode = 'f',
  kKeep = 'q',
  kChange = 'y',
  kClockStep = 'w',
  kOnNew = 'N',
  kOnGet = 'G',
  kOnRemove = 'R',
  kStopPoint = 'p',
  kShutdown = 'u',
  kProtocol = 'r',
  kTickets = 'l',
  kTicketKey = 'g',
  kInside = 'D',
};

inline constexpr int kMaxOperands = 3;

// Session operands that are no variable.
inline constexpr std::uint8_t kArgumentHandle =
    kMaxHandles;  // `arg`: a callback's session argument
inline constexpr std::uint8_t kNullHandle = kMaxHandles + 1;  // `null`
inline constexpr int kSessionOperands = kMaxHandles + 2;

// Values of the pools kOnNew and kOnGet: what the callback answers. `off` takes the callback away;
// `none` returns no session. The others do what an external cache does, and look up the id asked
// for: the session of the first of the application's handles that names a live one with that id, or
// no session. `borrowed` hands it over without and `owned` with a reference for the library; the
// copy flag is left untouched, or set to 0 or 1, which says nothing of no session.
inline constexpr std::uint8_t kOnNewOff = 0;
inline constexpr std::uint8_t kOnNewKeep = 1;
inline constexpr std::uint8_t kOnNewDecline = 2;
inline constexpr std::uint8_t kOnGetOff = 0;
inline constexpr std::uint8_t kOnGetNone = 1;
inline constexpr std::uint8_t kOnGetBorrowed = 2;
inline constexpr std::uint8_t kOnGetBorrowedCopy0 = 3;
inline constexpr std::uint8_t kOnGetBorrowedCopy1 = 4;
inline constexpr std::uint8_t kOnGetOwned = 5;
inline constexpr std::uint8_t kOnGetOwnedCopy0 = 6;
inline constexpr std::uint8_t kOnGetOwnedCopy1 = 7;
inline constexpr std::uint8_t kOnGetNoneCopy0 = 8;
inline constexpr std::uint8_t kOnGetNoneCopy1 = 9;
inline constexpr bool get_callback_has_nothing(std::uint8_t on_get) {
  return on_get == kOnGetNone || on_get == kOnGetNoneCopy0 || on_get == kOnGetNoneCopy1;
}

// Values of the pool kStopPoint: after which flight, as the peer has it, a handshake is left alone;
// or the server answers the client's hello with a fatal alert; or the client answers the server's
// certificate with one. Who resumes sees no certificate, and that handshake is completed.
inline constexpr std::uint8_t kStopComplete = 0;
inline constexpr std::uint8_t kStopAfterClientHello = 1;
inline constexpr std::uint8_t kStopAfterServerFlight = 2;
inline constexpr std::uint8_t kStopAfterClientFlight = 3;
inline constexpr std::uint8_t kStopRefused = 4;
inline constexpr std::uint8_t kStopClientRefuses = 5;

// What a handshake comes to.
inline constexpr std::int64_t kHandshakeIncomplete = 0;
inline constexpr std::int64_t kHandshakeFull = 1;
inline constexpr std::int64_t kHandshakeResumed = 2;

// Values of the kOnRemove pool: no callback, one that does nothing, one with a body.
inline constexpr std::uint8_t kOnRemoveOff = 0;
inline constexpr std::uint8_t kOnRemoveWatch = 1;
inline constexpr std::uint8_t kOnRemoveDo = 2;  // the next operation is the body

// Values of the kInside pool: the callback only answers, or does the next operation before.
inline constexpr std::uint8_t kInsideOff = 0;
inline constexpr std::uint8_t kInsideDo = 1;

// Plain data, twelve bytes. Handles, contexts, connections and blobs are indices; every other
// operand is an index into its kind's pool of values (harness/program/values.h). Unused bytes are
// zero, so that equal operations have equal bytes.
struct Operation {
  Op code = Op::SESSION_NEW;
  std::uint8_t thread = 0;   // 0 in a body, which runs on the thread that its callback is called on
  std::uint8_t result = 0;   // index of the handle assigned
  std::uint8_t is_body = 0;  // 1: runs inside the callback that the operation before installs
  std::array<std::uint8_t, 4> operand{};
  Fault fault{};  // none in a body, which runs inside of another operation

  friend bool operator==(const Operation&, const Operation&) = default;
};
static_assert(sizeof(Operation) == 12);

// A row of the operation table.
struct OperationRow {
  Op code;
  std::string_view identifier;  // "SESSION_NEW"
  std::string_view name;        // "new"
  Result result;
  std::string_view operands;  // letters of OperandKind
  Effect effect;
  std::string_view capability_name;  // "SESSION"
  std::uint64_t capability;          // LASTREF_CAN_*
  std::uint32_t weight;
  std::string_view c;
};

// All rows, by number.
std::span<const OperationRow> operation_table();

// Operation numbers stay below it: LASTREF_OP_LIMIT.
inline constexpr std::size_t kOperationLimit = 128;

namespace internal {
// Indexed by number; a number that no operation has is a row with an empty name.
extern const std::array<OperationRow, kOperationLimit> kRowOf;
}  // namespace internal

// The row of `code`, which must be below kOperationLimit. Read for every operation of every
// program.
inline const OperationRow& row(Op code) { return internal::kRowOf[static_cast<std::size_t>(code)]; }

// Whether the table has an operation of this number.
inline bool is_operation(Op code) {
  return static_cast<std::size_t>(code) < kOperationLimit && !row(code).name.empty();
}

// The row called `name` in the trace language, or nothing.
std::optional<Op> operation_named(std::string_view name);

inline OperandKind operand_kind(const OperationRow& of, std::size_t position) {
  return static_cast<OperandKind>(of.operands[position]);
}

// Whether it says what a callback of handshakes does before it answers.
inline bool is_inside(Op code) {
  return code == Op::IN_NEW || code == Op::IN_GET || code == Op::IN_SERVERNAME;
}

// Whether the operation installs a body that follows it.
inline bool has_body(const Operation& operation) {
  return (operation.code == Op::ON_REMOVE && operation.operand[1] == kOnRemoveDo) ||
         (is_inside(operation.code) && operation.operand[1] == kInsideDo);
}

// The value in place of `do`, which a body, that has none of its own, cannot have.
inline std::uint8_t without_body(OperandKind kind, std::uint8_t value) {
  if (kind == OperandKind::kOnRemove && value == kOnRemoveDo) return kOnRemoveWatch;
  return kind == OperandKind::kInside ? kInsideOff : value;
}

// Whether the application does it alone, without a call that a fault could strike.
inline bool is_local(Op code) {
  switch (code) {
    case Op::SESSION_FORGET:
    case Op::BLOB_TRUNCATE:
    case Op::BLOB_CHANGE:
    case Op::BLOB_GIVE:
    case Op::CLOCK_ADVANCE:
    case Op::IN_NEW:
    case Op::IN_GET:
    case Op::IN_SERVERNAME:
      return true;
    default:
      return false;
  }
}

// Whether it makes sessions that are gone when it returns, and that no program can name.
inline bool has_own_sessions(Op code) { return code == Op::CROWD || code == Op::DUP_REFUSED; }

// Whether an operation can have the fault: one in the target, and a handshake where it is one of a
// flight.
inline bool may_have(Op code, const Fault& fault) {
  return fault.is_flight() ? code == Op::HANDSHAKE : !is_local(code);
}

// Whether the operation may bring a session to life, which counts against kMaxSessions. Those that
// acquire a session that lives already (keep, get1) do not; d2i_into may replace the object it is
// given by a new one. Handshakes and copy_session, which may make none or, of the former, several,
// count by what they make: the model refuses the one for which there is no room.
inline bool may_bear(Op code) {
  switch (code) {
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
    case Op::SESSION_DUP:
    case Op::D2I:
    case Op::D2I_FRESH:
    case Op::D2I_INTO:
      return true;
    default:
      return false;
  }
}

// How many values an operand of this kind can take: handles, or the size of its pool. At least 1.
// A session operand counts `arg`, though only bodies have it.
int operand_range(OperandKind kind);

// How many handles of a result's kind there are; 1 for NONE.
int result_range(Result result);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_OPERATION_H_
