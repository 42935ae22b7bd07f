#include "harness/program/operand.h"

#include <algorithm>
#include <iterator>

#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::string_view kSessionWords[] = {"s0", "s1", "s2", "s3",  "s4",
                                              "s5", "s6", "s7", "arg", "null"};
constexpr std::string_view kContextWords[] = {"c0", "c1"};
constexpr std::string_view kConnectionWords[] = {"n0", "n1"};
constexpr std::string_view kBlobWords[] = {"b0", "b1"};
static_assert(std::size(kSessionWords) == kSessionOperands);
static_assert(std::size(kContextWords) == kMaxContexts);
static_assert(std::size(kConnectionWords) == kMaxConnections);
static_assert(std::size(kBlobWords) == kMaxBlobs);

constexpr OperandKindRow kKinds[] = {
    {OperandKind::kSession, "a session", "SESSION", true},
    {OperandKind::kSessionOrNull, "a session or null", "SESSION|null", true},
    {OperandKind::kContext, "a context", "CONTEXT", true},
    {OperandKind::kConnection, "a connection", "CONNECTION", true},
    {OperandKind::kBlob, "a blob", "BLOB", true},
    {OperandKind::kId, "an id", "ID", false},
    {OperandKind::kIdContext, "an id context", "ID_CONTEXT", false},
    {OperandKind::kTime, "a time in seconds", "TIME", false},
    {OperandKind::kTimeout, "a timeout in seconds", "TIMEOUT", false},
    {OperandKind::kHostname, "a hostname", "HOSTNAME", false},
    {OperandKind::kAlpn, "an ALPN protocol", "ALPN", false},
    {OperandKind::kTicket, "a ticket", "TICKET", false},
    {OperandKind::kAppdata, "ticket application data", "APPDATA", false},
    {OperandKind::kMasterKey, "a master key", "MASTER_KEY", false},
    {OperandKind::kExData, "an ex_data token", "EX_DATA", false},
    {OperandKind::kVersion, "a protocol version", "VERSION", false},
    {OperandKind::kCacheSize, "a cache size", "CACHE_SIZE", false},
    {OperandKind::kCacheMode, "a cache mode", "CACHE_MODE", false},
    {OperandKind::kKeep, "a count of bytes to keep", "KEEP", false},
    {OperandKind::kChange, "the index of a byte to change", "CHANGE", false},
    {OperandKind::kClockStep, "a step of the clock in seconds", "CLOCK_STEP", false},
    {OperandKind::kOnNew, "what the new callback does", "ON_NEW", false},
    {OperandKind::kOnGet, "what the get callback does", "ON_GET", false},
    {OperandKind::kOnRemove, "what the remove callback does", "ON_REMOVE", false},
    {OperandKind::kInside, "whether the callback does an operation", "INSIDE", false},
    {OperandKind::kStopPoint, "where a handshake stops", "STOP_POINT", false},
    {OperandKind::kShutdown, "how a connection is shut down", "SHUTDOWN", false},
    {OperandKind::kProtocol, "the highest protocol", "PROTOCOL", false},
    {OperandKind::kTickets, "whether tickets are used", "TICKETS", false},
    {OperandKind::kTicketKey, "a ticket key", "TICKET_KEY", false},
};

std::span<const std::string_view> handle_words(OperandKind kind) {
  const std::span<const std::string_view> sessions = kSessionWords;
  switch (kind) {
    case OperandKind::kSession:
      return sessions.first(static_cast<std::size_t>(operand_range(kind)));
    case OperandKind::kSessionOrNull:
      return sessions;
    case OperandKind::kContext:
      return kContextWords;
    case OperandKind::kConnection:
      return kConnectionWords;
    case OperandKind::kBlob:
      return kBlobWords;
    default:
      return {};
  }
}

}  // namespace

std::span<const OperandKindRow> operand_kinds() { return kKinds; }

const OperandKindRow& row(OperandKind kind) {
  return *std::ranges::find(kKinds, kind, &OperandKindRow::kind);
}

std::string_view operand_word(OperandKind kind, std::uint8_t index) {
  if (index >= operand_range(kind)) return "?";
  if (const auto words = handle_words(kind); !words.empty()) return words[index];
  if (const auto values = byte_values(kind); !values.empty()) return values[index].name;
  return number_values(kind)[index].name;
}

std::optional<std::uint8_t> operand_named(OperandKind kind, std::string_view word) {
  for (int index = 0; index < operand_range(kind); ++index) {
    const auto operand = static_cast<std::uint8_t>(index);
    if (operand_word(kind, operand) == word) return operand;
  }
  return std::nullopt;
}

std::vector<std::string_view> operand_words(OperandKind kind) {
  std::vector<std::string_view> words;
  words.reserve(static_cast<std::size_t>(operand_range(kind)));
  for (int index = 0; index < operand_range(kind); ++index) {
    words.push_back(operand_word(kind, static_cast<std::uint8_t>(index)));
  }
  return words;
}

OperandKind variable_kind(Result result) {
  switch (result) {
    case Result::NONE:
    case Result::SESSION:
      return OperandKind::kSession;
    case Result::CONTEXT:
      return OperandKind::kContext;
    case Result::CONNECTION:
      return OperandKind::kConnection;
    case Result::BLOB:
      return OperandKind::kBlob;
  }
  return OperandKind::kSession;
}

}  // namespace lastref
