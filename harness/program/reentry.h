// What a callback may call, and by which sentence: reentry.def, as a table.
#ifndef LASTREF_HARNESS_PROGRAM_REENTRY_H_
#define LASTREF_HARNESS_PROGRAM_REENTRY_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/program/operation.h"

namespace lastref {

enum class Callback : std::uint8_t { kNew, kGet, kServername, kRemove };
inline constexpr Callback kCallbacks[] = {Callback::kNew, Callback::kGet, Callback::kServername,
                                          Callback::kRemove};
// "new", "get", "servername", "remove".
std::string_view name(Callback callback);

enum class Reentry : std::uint8_t { ALLOWED, FORBIDDEN, BY_SWITCH, UNDOCUMENTED };

struct ReentryRow {
  std::string_view callbacks;
  std::string_view operations;
  Reentry verdict;
  std::string_view source;
};

std::span<const ReentryRow> reentry_table();

// The row that counts; for what none matches, one that says so.
const ReentryRow& reentry_of(Callback callback, Op code);
// The same of the rows for where any call is allowed; NULL for none.
const ReentryRow* exception_of(Op code);

// Whether the word of a row's operations is the operation's name, or that of a group with it.
bool is_named_by(std::string_view word, Op code);
// Whether a row may have that word.
bool is_reentry_word(std::string_view word);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_REENTRY_H_
