#include "harness/report/reported_symptom.h"

namespace lastref {

std::string_view reported_verdict(std::string_view line) {
  constexpr std::string_view kEndOfTarget = "): ";
  const std::size_t colon = line.rfind(kEndOfTarget);
  // A replay has the input's name before it.
  if (line.find("the input on ") == std::string_view::npos || colon == std::string_view::npos) {
    return {};
  }
  return line.substr(colon + kEndOfTarget.size());
}

std::string_view reported_operation(std::string_view line) {
  constexpr std::string_view kAssigns = " = ";
  const std::size_t open = line.find('(');
  if (!line.starts_with("  At operation ") || open == std::string_view::npos) return {};
  line.remove_prefix(open + 1);
  const std::size_t assigned = line.find(kAssigns);
  if (assigned < line.find(')')) line.remove_prefix(assigned + kAssigns.size());
  return line.substr(0, line.find_first_of(" )"));
}

}  // namespace lastref
