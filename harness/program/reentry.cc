#include "harness/program/reentry.h"

#include <algorithm>
#include <iterator>

namespace lastref {
namespace {

constexpr ReentryRow kRows[] = {
#define LASTREF_REENTRY(callbacks, operations, verdict, source) \
  {callbacks, operations, Reentry::verdict, source},
#include "harness/program/include/lastref/reentry.def"
#undef LASTREF_REENTRY
};

constexpr ReentryRow kNoRow = {"", "", Reentry::UNDOCUMENTED, "no manual page or header names it"};

// By the numbers of the operation table, which has a range for each subject.
struct Group {
  std::string_view name;
  int first;
  int last;
};
constexpr Group kGroups[] = {
    {"life", 1, 9},       {"setters", 10, 29},   {"getters", 30, 49},    {"encoding", 50, 59},
    {"contexts", 60, 79}, {"callbacks", 80, 89}, {"handshakes", 97, 98}, {"connections", 90, 109},
};

template <typename Test>
bool any_word(std::string_view words, Test test) {
  while (!words.empty()) {
    const std::size_t space = std::min(words.find(' '), words.size());
    if (test(words.substr(0, space))) return true;
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  return false;
}

// The first row of the callback's, or of "any", with the operation.
const ReentryRow* row_for(std::string_view callback, Op code) {
  for (const ReentryRow& of : kRows) {
    if (any_word(of.callbacks, [&](std::string_view word) { return word == callback; }) &&
        any_word(of.operations, [&](std::string_view word) { return is_named_by(word, code); })) {
      return &of;
    }
  }
  return nullptr;
}

}  // namespace

std::string_view name(Callback callback) {
  static constexpr std::string_view kNames[] = {"new", "get", "servername", "remove"};
  return kNames[static_cast<std::size_t>(callback)];
}

std::span<const ReentryRow> reentry_table() { return kRows; }

bool is_named_by(std::string_view word, Op code) {
  if (row(code).name == word) return true;
  return std::ranges::any_of(kGroups, [&](const Group& group) {
    const auto number = static_cast<int>(code);
    return group.name == word && number >= group.first && number <= group.last;
  });
}

bool is_reentry_word(std::string_view word) {
  return operation_named(word) ||
         std::ranges::find(kGroups, word, &Group::name) != kGroups + std::size(kGroups);
}

const ReentryRow& reentry_of(Callback callback, Op code) {
  const ReentryRow* const found = row_for(name(callback), code);
  return found == nullptr ? kNoRow : *found;
}

const ReentryRow* exception_of(Op code) { return row_for("any", code); }

}  // namespace lastref
