// What the tests of rules share: programs as text, in which "#!" marks the operation that breaks a
// rule.
#ifndef LASTREF_HARNESS_GENERATE_RULES_JUDGED_H_
#define LASTREF_HARNESS_GENERATE_RULES_JUDGED_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/generate/rules/rule_checker.h"
#include "harness/generate/rules/rules.h"
#include "harness/program/trace.h"

namespace lastref::rules {

// The parts, one after the other.
template <typename... Parts>
std::string joined(const Parts&... parts) {
  std::string whole;
  (whole.append(parts), ...);
  return whole;
}

inline Program parsed(const std::string& text) {
  const auto result = parse_trace("lastref 1\n" + text);
  if (const auto* error = std::get_if<TraceError>(&result)) {
    ADD_FAILURE() << error->text("trace") << "\n" << text;
    return {};
  }
  return std::get<Program>(result);
}

// A contract in which these switches differ from the manual's reading.
inline Contract with(const std::vector<std::pair<std::string, std::string>>& switches) {
  Contract contract;
  for (const auto& [name, value] : switches) EXPECT_EQ(contract.set(name, value), "");
  return contract;
}
inline Contract with(Hazard hazard) {
  Contract contract;
  contract.hazards.add(hazard);
  return contract;
}

// The index of the operation on the line that `mark` is on; a body's, where it has one.
inline int marked(const std::string& text, std::string_view mark = "#!") {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return -1;
  return parsed(text.substr(0, at)).size - 1;
}

inline void expect_legal(const std::string& text, const Contract& contract = Contract(),
                         const std::vector<bool>& decode_successes = {}) {
  const Ruling ruling = judge_by_rules(parsed(text), contract, decode_successes);
  EXPECT_TRUE(ruling.legal && !ruling.undecided)
      << text << "operation " << ruling.operation + 1 << ": " << ruling.rule;
}

inline void expect_broken(std::string_view rule, const std::string& text,
                          const Contract& contract = Contract(),
                          const std::vector<bool>& decode_successes = {}) {
  const Ruling ruling = judge_by_rules(parsed(text), contract, decode_successes);
  EXPECT_FALSE(ruling.legal) << text;
  EXPECT_EQ(ruling.rule, rule) << text;
  EXPECT_EQ(ruling.operation, marked(text)) << text;
  EXPECT_EQ(ruling.during, marked(text, "#during")) << text;
}

inline void expect_undecided(std::string_view why, const std::string& text,
                             const Contract& contract = Contract(),
                             const std::vector<bool>& decode_successes = {}) {
  const Ruling ruling = judge_by_rules(parsed(text), contract, decode_successes);
  EXPECT_TRUE(ruling.legal && ruling.undecided) << text;
  EXPECT_EQ(ruling.rule, why) << text;
  EXPECT_EQ(ruling.operation, marked(text)) << text;
}

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_JUDGED_H_
