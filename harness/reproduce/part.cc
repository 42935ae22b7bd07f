#include "harness/reproduce/part.h"

#include <algorithm>

namespace lastref {
namespace {

// "clock", "!clock", "context+clock".
bool holds(std::string_view condition, const Features& used) {
  while (!condition.empty()) {
    const std::size_t end = std::min(condition.find('+'), condition.size());
    std::string_view word = condition.substr(0, end);
    const bool wanted = !word.starts_with('!');
    if (!wanted) word.remove_prefix(1);
    if (used.contains(word) != wanted) return false;
    condition.remove_prefix(std::min(end + 1, condition.size()));
  }
  return true;
}

}  // namespace

std::string part(std::string_view text, const Features& used) {
  std::string written;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with('@')) {
      const std::size_t space = std::min(line.find_first_of(" \n"), line.size() - 1);
      if (!holds(line.substr(1, space - 1), used)) continue;
      line.remove_prefix(line[space] == ' ' ? space + 1 : space);
    }
    written += line;
  }
  return written == "\n" ? std::string() : written;
}

}  // namespace lastref
