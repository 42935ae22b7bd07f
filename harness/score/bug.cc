#include "harness/score/bug.h"

#include <fmt/format.h>

namespace lastref {

std::string read_signature(std::string_view text, Bug& bug) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second == std::string_view::npos) {
    return fmt::format("found '{}', expected a finding's VERDICT/WHAT/OPERATION", text);
  }
  const auto verdict = verdict_named(text.substr(0, first));
  const auto code = operation_named(text.substr(second + 1));
  if (!verdict.has_value() || !code.has_value()) {
    return fmt::format("found '{}', expected a finding's VERDICT/WHAT/OPERATION", text);
  }
  bug.verdict = *verdict;
  bug.what = text.substr(first + 1, second - first - 1);
  bug.code = *code;
  return {};
}

}  // namespace lastref
