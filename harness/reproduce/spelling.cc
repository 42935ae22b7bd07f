#include "harness/reproduce/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>

#include "harness/program/operand.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr OperandKind kByteKinds[] = {
    OperandKind::kId,     OperandKind::kIdContext, OperandKind::kHostname,  OperandKind::kAlpn,
    OperandKind::kTicket, OperandKind::kAppdata,   OperandKind::kMasterKey, OperandKind::kTicketKey,
};

constexpr std::size_t kBytesOfALine = 16;

// "server|update_time" as SSL_SESS_CACHE_SERVER | 0x400: a bit for which the library has no name is
// the number that the others give it.
std::string cache_mode_c(const Dialect& dialect, const NumberValue& mode) {
  std::string text;
  std::string_view words = mode.name;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('|'), words.size());
    const std::string word(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
    if (!text.empty()) text += " | ";
    if (fmt::format(" {} ", dialect.cache_modes).find(" " + word + " ") != std::string::npos) {
      text += "SSL_SESS_CACHE_";
      for (const char letter : word) {
        text += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
      }
    } else {
      const std::int64_t bit = word == "update_time" ? kModeUpdateTime : kModeNoAutoClear;
      text += fmt::format("{:#x} /* {} */", bit, word);
    }
  }
  return text;
}

std::string stop_point_c(std::uint8_t stop) {
  static constexpr std::string_view kNames[] = {
      "COMPLETE", "AFTER_CLIENT_HELLO", "AFTER_SERVER_FLIGHT", "AFTER_CLIENT_FLIGHT",
      "REFUSED",  "CLIENT_REFUSES"};
  return std::string(kNames[stop]);
}

std::string number_operand_c(const SourceDraft& draft, OperandKind kind, std::uint8_t index) {
  const NumberValue& value = number_values(kind)[index];
  switch (kind) {
    case OperandKind::kCacheMode:
      return cache_mode_c(draft.dialect, value);
    case OperandKind::kVersion:
    case OperandKind::kProtocol:
      return fmt::format("{:#06x} /* {} */", value.value, value.name);
    case OperandKind::kExData:
      return fmt::format("(void *){}", value.value);
    case OperandKind::kStopPoint:
      return stop_point_c(index);
    default:
      return number_c(value.value);
  }
}

// The table's C as an expression: without what is assigned, the semicolon and a remark.
std::string_view expression_of(std::string_view c) {
  if (c.starts_with("$r = ")) c.remove_prefix(5);
  return c.substr(0, c.find(';'));
}

// What the dialect has, else the table. Which function it calls is noted.
std::string_view template_of(SourceDraft& draft, Op code) {
  const Spelling* const spelled = spelling_of(draft.dialect, code);
  const std::string_view c = spelled != nullptr ? spelled->c : expression_of(row(code).c);
  const std::size_t end = c.find('(');
  if (end != std::string_view::npos) draft.used.emplace(fmt::format("fn_{}", c.substr(0, end)));
  return c;
}

std::string definition(const std::string& name, OperandKind kind, const ByteValue& value) {
  const std::span<const std::uint8_t> bytes(value.data, value.size);
  if (kind == OperandKind::kHostname) {
    return fmt::format("static const char {}[] = \"{}\";\n", name,
                       std::string(bytes.begin(), bytes.end()));
  }
  // OpenSSL's SSL_CTX_set_tlsext_ticket_keys() takes no const.
  std::string text = fmt::format("static {}unsigned char {}[] = {{",
                                 kind == OperandKind::kTicketKey ? "" : "const ", name);
  if (bytes.empty()) text += "0 /* of which none is used */";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes.size() > kBytesOfALine && i % kBytesOfALine == 0) text += "\n    ";
    text += fmt::format("{:#04x}", bytes[i]);
    if (i + 1 == bytes.size()) break;
    text += (i + 1) % kBytesOfALine == 0 && bytes.size() > kBytesOfALine ? "," : ", ";
  }
  return text + "};\n";
}

}  // namespace

std::string number_c(std::int64_t value) {
  const bool is_int = value >= std::numeric_limits<std::int32_t>::min() &&
                      value <= std::numeric_limits<std::int32_t>::max();
  return fmt::format("{}{}", value, is_int ? "" : "L");
}

std::string variable_c(SourceDraft& draft, OperandKind kind, std::uint8_t index) {
  std::string word(operand_word(kind, index));
  switch (kind) {
    case OperandKind::kSession:
    case OperandKind::kSessionOrNull:
      if (index == kArgumentHandle) return std::string(draft.argument);
      if (index == kNullHandle) return "NULL";
      draft.sessions.insert(word);
      break;
    case OperandKind::kContext:
      draft.contexts.insert(word);
      break;
    case OperandKind::kConnection:
      draft.connections.insert(word);
      break;
    default:
      draft.blobs.insert(word);
      break;
  }
  return word;
}

std::string bytes_c(SourceDraft& draft, OperandKind kind, const ByteValue& value) {
  if (value.data == nullptr) return "NULL, 0";
  const std::string name(value.name);
  draft.bytes[name] = {kind, value};
  if (value.size == 0) return name + ", 0";
  return fmt::format("{0}, sizeof {0}{1}", name, kind == OperandKind::kHostname ? " - 1" : "");
}

std::optional<std::string> bytes_of_c(SourceDraft& draft, std::int64_t fingerprint) {
  if (fingerprint == 0) return "NULL, 0";
  for (const OperandKind kind : kByteKinds) {
    for (const ByteValue& value : byte_values(kind)) {
      if (value.fingerprint == fingerprint) return bytes_c(draft, kind, value);
    }
  }
  return std::nullopt;
}

std::string operand_c(SourceDraft& draft, const Operation& operation, std::size_t position) {
  const OperandKind kind = operand_kind(row(operation.code), position);
  const std::uint8_t index = operation.operand[position];
  if (row(kind).is_handle) return variable_c(draft, kind, index);
  const std::span<const ByteValue> bytes = byte_values(kind);
  if (bytes.empty()) return number_operand_c(draft, kind, index);
  std::string text = bytes_c(draft, kind, bytes[index]);
  // A string has no length.
  return kind == OperandKind::kHostname ? text.substr(0, text.find(',')) : text;
}

std::string call_c(SourceDraft& draft, const Operation& operation) {
  const std::string_view c = template_of(draft, operation.code);
  if (c.find("any_context") != std::string_view::npos) draft.used.emplace("any_context");
  if (c.find("new_with_id") != std::string_view::npos) draft.used.emplace("new_with_id");
  std::string text;
  for (std::size_t i = 0; i < c.size(); ++i) {
    if (c[i] != '$') {
      text += c[i];
      continue;
    }
    const bool pointer = c[++i] == '*';
    if (pointer) ++i;
    const std::string operand = operand_c(draft, operation, static_cast<std::size_t>(c[i] - '0'));
    text += pointer ? operand.substr(0, operand.find(',')) : operand;
  }
  return text;
}

std::string call_of_c(SourceDraft& draft, Op code, const std::string& operand) {
  std::string text(template_of(draft, code));
  return text.replace(text.find("$0"), 2, operand);
}

std::string byte_definitions(const SourceDraft& draft) {
  std::string text;
  for (const auto& [name, value] : draft.bytes) {
    text += definition(name, value.first, value.second);
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace lastref
