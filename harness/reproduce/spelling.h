// Operations as C: operands and the expression that is the call.
#ifndef LASTREF_HARNESS_REPRODUCE_SPELLING_H_
#define LASTREF_HARNESS_REPRODUCE_SPELLING_H_

#include <cstdint>
#include <optional>
#include <string>

#include "harness/program/operation.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// "9223372036854775807L": of the type that it needs.
std::string number_c(std::int64_t value);

// A variable, which the draft then has: "s0", "c1"; "removed" for the session of a callback.
std::string variable_c(SourceDraft& draft, OperandKind kind, std::uint8_t index);

// "id_a, sizeof id_a", which the draft then defines. "NULL, 0" for none.
std::string bytes_c(SourceDraft& draft, OperandKind kind, const ByteValue& value);

// The same for the value that has this fingerprint; nothing when no pool has it, because the
// library chose it.
std::optional<std::string> bytes_of_c(SourceDraft& draft, std::int64_t fingerprint);

// An operand as it stands in a call.
std::string operand_c(SourceDraft& draft, const Operation& operation, std::size_t position);

// "SSL_CTX_add_session(c0, s0)".
std::string call_c(SourceDraft& draft, const Operation& operation);

// The same of an operation with this operand alone.
std::string call_of_c(SourceDraft& draft, Op code, const std::string& operand);

// The definitions of the bytes that the draft uses.
std::string byte_definitions(const SourceDraft& draft);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_SPELLING_H_
