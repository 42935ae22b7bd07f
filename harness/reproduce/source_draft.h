// A C program while it is written: what its statements turn out to use.
#ifndef LASTREF_HARNESS_REPRODUCE_SOURCE_DRAFT_H_
#define LASTREF_HARNESS_REPRODUCE_SOURCE_DRAFT_H_

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "harness/program/values.h"
#include "harness/reproduce/dialect.h"
#include "harness/reproduce/part.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// The name of the bytes that a program brings along.
inline constexpr std::string_view kGivenName = "given";

struct SourceDraft {
  explicit SourceDraft(const Dialect& of) : dialect(of) {
    if (!of.feature.empty()) used.emplace(of.feature);
  }

  const Dialect& dialect;
  Features used;
  // By name, so that they are defined in one order.
  std::map<std::string, std::pair<OperandKind, ByteValue>> bytes;
  std::set<std::string> sessions;  // variables: "s0"
  std::set<std::string> contexts;
  std::set<std::string> connections;
  std::set<std::string> blobs;
  std::string callbacks;                  // their definitions
  std::string_view argument = "removed";  // what the callback that is written calls its session
  // Sessions that the program has a pointer to, by number; of the others it sees nothing.
  std::array<bool, kMaxSessions> known{};
  // Sessions whose contents are the library's own choice.
  std::array<bool, kMaxSessions> doubtful{};
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_SOURCE_DRAFT_H_
