#include "harness/report/value_text.h"

#include <fmt/format.h>

#include "harness/model/event.h"
#include "harness/model/state.h"
#include "harness/program/operand.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

std::string object_text(Result kind, std::int64_t value) {
  if (value == kResultNull) return "NULL";
  if (value == kResultUnknown) return "an object that was never seen born";
  if (kind == Result::SESSION) return fmt::format("session {}", value + 1);
  if (value < 0 || value >= result_range(kind)) return fmt::format("object {}", value);
  return std::string(operand_word(variable_kind(kind), static_cast<std::uint8_t>(value)));
}

}  // namespace

std::string bytes_text(OperandKind kind, std::int64_t fingerprint) {
  if (fingerprint == 0) return "none";
  if (fingerprint == empty_fingerprint()) return "no bytes";
  for (const ByteValue& value : byte_values(kind)) {
    if (value.fingerprint == fingerprint) return std::string(value.name);
  }
  return fmt::format("other bytes (digest {:08x})", fingerprint);
}

std::string number_text(OperandKind kind, std::int64_t value) {
  std::string digits = std::to_string(value);
  for (const NumberValue& candidate : number_values(kind)) {
    if (candidate.value == value && candidate.name != digits) {
      return fmt::format("{} ({})", candidate.name, digits);
    }
  }
  return digits;
}

std::string result_text(Op code, std::int64_t value) {
  switch (code) {
    case Op::GET_ID:
      return bytes_text(OperandKind::kId, value);
    case Op::GET_ID_CONTEXT:
      return bytes_text(OperandKind::kIdContext, value);
    case Op::GET_HOSTNAME:
      return bytes_text(OperandKind::kHostname, value);
    case Op::GET_ALPN:
      return bytes_text(OperandKind::kAlpn, value);
    case Op::GET_TICKET:
      return bytes_text(OperandKind::kTicket, value);
    case Op::GET_APPDATA:
      return bytes_text(OperandKind::kAppdata, value);
    case Op::GET_MASTER_KEY:
      return bytes_text(OperandKind::kMasterKey, value);
    case Op::GET_VERSION:
      return number_text(OperandKind::kVersion, value);
    case Op::SET_MODE:
    case Op::GET_MODE:
      return number_text(OperandKind::kCacheMode, value);
    case Op::D2I_INTO:
      return object_text(Result::SESSION, value);
    case Op::SET_CONTEXT:
      return object_text(Result::CONTEXT, value);
    default:
      break;
  }
  const Result kind = row(code).result;
  if (kind == Result::NONE || kind == Result::BLOB) return std::to_string(value);
  return object_text(kind, value);
}

}  // namespace lastref
