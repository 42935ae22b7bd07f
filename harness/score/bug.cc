#include "harness/score/bug.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastref {

Means means_of(const Program& program) {
  Means means;
  for (const Operation& operation : program.view()) {
    means.handshakes = means.handshakes || operation.code == Op::HANDSHAKE;
    means.failures = means.failures || operation.fault.any();
  }
  return means;
}

bool Bug::shown_by(const Signature& signature) const {
  return signs.empty() || std::any_of(signs.begin(), signs.end(), [&](const BugSign& sign) {
           return signature.verdict == sign.verdict && signature.code == sign.code &&
                  (sign.what.empty() || lastref::name(signature.what) == sign.what);
         });
}

std::string read_signature(std::string_view text, BugSign& sign) {
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
  sign.verdict = *verdict;
  sign.what = text.substr(first + 1, second - first - 1);
  sign.code = *code;
  return {};
}

}  // namespace lastref
