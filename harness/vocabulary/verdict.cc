#include "harness/vocabulary/verdict.h"

#include <array>
#include <cstddef>

namespace lastref {
namespace {

struct Row {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<Row, kVerdictCount> kRows = {{
    {"none", "nothing is wrong"},
    {"double-free", "a reference was released that its owner had already released"},
    {"borrowed-free", "the application released a reference that it never acquired"},
    {"early-free", "a session was destroyed while a reference to it is outstanding"},
    {"dangling-cache", "a cache still links a session that is destroyed"},
    {"dangling-connection", "a connection still holds a session that is destroyed"},
    {"use-after-free", "a destroyed session was read or written"},
    {"heap-corruption", "memory outside of a block was written, or a foreign pointer was freed"},
    {"crash", "the library ended the process"},
    {"hang", "the operation did not end within its bound of processor time"},
    {"runaway-memory", "the operation allocated beyond the worker's bound"},
    {"data-race", "two threads touched the same memory without order, and one wrote"},
    {"deadlock", "no thread can go on"},
    {"leak", "a session or a block was not destroyed when its last reference went"},
    {"miscount", "two observers of the same births and deaths disagree"},
    {"wrong-callback", "a callback did not run, ran unexpectedly, or got the wrong session"},
    {"wrong-return", "the call returned something else than its manual says"},
    {"wrong-content", "a session's contents are not what was set, copied or decoded"},
    {"wrong-statistics", "a statistic of the context differs from what happened"},
}};

}  // namespace

std::string_view name(Verdict verdict) { return kRows[static_cast<std::size_t>(verdict)].name; }

std::string_view meaning(Verdict verdict) {
  return kRows[static_cast<std::size_t>(verdict)].meaning;
}

std::optional<Verdict> verdict_named(std::string_view wanted) {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == wanted) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

std::string_view name(Owner owner) {
  switch (owner) {
    case Owner::kApplication:
      return "application";
    case Owner::kCache:
      return "cache";
    case Owner::kConnection:
      return "connection";
  }
  return "nobody";
}

}  // namespace lastref
