#include "harness/explore/space/bound.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"
#include "harness/vocabulary/limits.h"

namespace lastref {
namespace {

struct LimitRow {
  std::string_view name;
  int least;
  int most;
};

// The most of a thing is what a program can have of it, or what nobody has the time for.
constexpr LimitRow kLimitRows[kLimits] = {
    {"handles", 1, kMaxHandles},
    {"sessions", 1, kMaxHandles},
    {"references", 1, 8},
    {"ids", 0, 7},
    {"contexts", 0, kMaxContexts},
    {"connections", 0, kMaxConnections},
    {"blobs", 0, kMaxBlobs},
    {"cache", 0, 3},
    {"clock", 0, 8},
    {"values", 0, 13},
    {"changes", 0, 16},
    {"bodies", 0, 64},
    {"depth", 0, kMaxOperations - 2},
};

struct Preset {
  std::string_view name;
  std::array<int, kLimits> limits;
  std::string_view operations;
};

// What decides how a handshake goes, and what comes of it.
constexpr std::string_view kAboutHandshakes =
    "ctx_new,ssl_new,ssl_free,ssl_clear,get1_session,set_session,free,cache,handshake,shutdown,"
    "set_protocol,set_tickets,set_mode,callbacks,clock";

// Handles, sessions, references, ids, contexts, connections, blobs, cache, clock, values, changes,
// bodies, depth. What they come to on each target: docs/explore.md.
constexpr Preset kPresets[] = {
    {"small", {2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4}, "common"},
    {"standard", {2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 11}, "common"},
    {"handshakes", {2, 3, 1, 0, 1, 2, 0, 0, 1, 1, 1, 0, 10}, kAboutHandshakes},
};

struct Group {
  std::string_view name;
  int first;  // operation numbers
  int last;
};

// Of the operation table's sections, which are in the order of numbers.
constexpr Group kGroups[] = {
    {"sessions", 1, 8},      {"contents", 10, 20},    {"getters", 30, 42},    {"encodings", 50, 57},
    {"contexts", 60, 65},    {"cache", 66, 68},       {"statistics", 69, 76}, {"callbacks", 80, 82},
    {"connections", 90, 96}, {"handshakes", 97, 103}, {"clock", 110, 110},
};

// Losing a pointer is no call; only a written program does it.
// What callbacks of handshakes do before they answer, and bytes that a program brings along, are
// for written programs too.
bool is_offered(const OperationRow& row) {
  return row.code != Op::SESSION_FORGET && row.code != Op::BLOB_GIVE && !is_inside(row.code);
}

bool in_group(const OperationRow& row, const Group& group) {
  const auto number = static_cast<int>(row.code);
  return is_offered(row) && number >= group.first && number <= group.last;
}

const Preset* preset_named(std::string_view name) {
  const auto found = std::find_if(std::begin(kPresets), std::end(kPresets),
                                  [&](const Preset& preset) { return preset.name == name; });
  return found == std::end(kPresets) ? nullptr : found;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    words.push_back(text.substr(0, comma));
    if (comma == text.size()) return words;
    text.remove_prefix(comma + 1);
  }
}

std::string unknown(std::string_view word, std::string_view expected,
                    const std::vector<std::string_view>& names) {
  const std::string meant = did_you_mean(word, names);
  return fmt::format("found {}, expected {}; {}", show_word(word), expected,
                     meant.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : meant);
}

}  // namespace

Bound::Bound() {
  limits_ = kPresets[0].limits;
  read_operations(kPresets[0].operations);
}

std::string_view name(Limit limit) { return kLimitRows[static_cast<std::size_t>(limit)].name; }

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const Preset& preset : kPresets) names.push_back(preset.name);
  return names;
}

std::vector<std::string_view> operation_group_names() {
  std::vector<std::string_view> names;
  for (const Group& group : kGroups) names.push_back(group.name);
  return names;
}

std::string Bound::read_limits(std::string_view text) {
  for (const std::string_view word : words_of(text)) {
    const std::size_t sign = word.find('=');
    if (sign == std::string_view::npos) {
      const Preset* const preset = preset_named(word);
      if (preset == nullptr) return unknown(word, "a preset or name=number", preset_names());
      limits_ = preset->limits;
      read_operations(preset->operations);
      continue;
    }
    const std::string_view key = word.substr(0, sign);
    const auto row = std::find_if(std::begin(kLimitRows), std::end(kLimitRows),
                                  [&](const LimitRow& of) { return of.name == key; });
    if (row == std::end(kLimitRows)) {
      std::vector<std::string_view> names;
      for (const LimitRow& of : kLimitRows) names.push_back(of.name);
      return unknown(key, "the name of a limit", names);
    }
    const std::string_view number = word.substr(sign + 1);
    int value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || value < row->least ||
        value > row->most) {
      return fmt::format("{}: found {}, expected a number from {} to {}", row->name,
                         show_word(number), row->least, row->most);
    }
    limits_[static_cast<std::size_t>(row - std::begin(kLimitRows))] = value;
  }
  return {};
}

std::string Bound::read_operations(std::string_view text) {
  std::bitset<kOperationLimit> chosen;
  for (std::string_view word : words_of(text)) {
    const bool away = !word.empty() && word[0] == '-';
    if (away) word.remove_prefix(1);
    const bool all = word == "all";
    const bool common = word == "common";
    const auto single = operation_named(word);
    const auto group = std::find_if(std::begin(kGroups), std::end(kGroups),
                                    [&](const Group& of) { return of.name == word; });
    if (!all && !common && group == std::end(kGroups) && (!single || !is_offered(row(*single)))) {
      std::vector<std::string_view> names = operation_group_names();
      names.insert(names.end(), {"all", "common"});
      return unknown(word, "a group of operations or one of 'lastref operations'", names);
    }
    for (const OperationRow& of : operation_table()) {
      const bool shakes = static_cast<int>(of.code) >= 97 && static_cast<int>(of.code) <= 103;
      const bool meant = (group != std::end(kGroups) && in_group(of, *group)) ||
                         (all && is_offered(of)) || (common && is_offered(of) && !shakes) ||
                         (single && of.code == *single);
      if (meant) chosen.set(static_cast<std::size_t>(of.code), !away);
    }
  }
  operations_ = chosen;
  return {};
}

std::string Bound::limits_text() const {
  std::string text;
  for (int i = 0; i < kLimits; ++i) {
    const auto limit = static_cast<std::size_t>(i);
    text += fmt::format("{}{}={}", i == 0 ? "" : ",", kLimitRows[limit].name, limits_[limit]);
  }
  return text;
}

std::string Bound::operations_text() const {
  std::vector<std::string_view> words;
  for (const Group& group : kGroups) {
    std::vector<std::string_view> singles;
    bool whole = true;
    for (const OperationRow& of : operation_table()) {
      if (!in_group(of, group)) continue;
      if (has(of.code)) {
        singles.push_back(of.name);
      } else {
        whole = false;
      }
    }
    if (whole) singles = {group.name};
    words.insert(words.end(), singles.begin(), singles.end());
  }
  return fmt::format("{}", fmt::join(words, ","));
}

}  // namespace lastref
