// Findings for programs that read them. Everything but the member "run", which is the last one, is
// the same for two runs with the same seed and budget of programs, whatever the number of jobs:
// `jq 'del(.run)'` gives what may be compared byte for byte.
#ifndef LASTREF_HARNESS_REPORT_JSON_REPORT_H_
#define LASTREF_HARNESS_REPORT_JSON_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/generate/check.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// Raised when a member changes its meaning or goes away; new members do not raise it.
inline constexpr int kJsonFormat = 1;

struct JsonInput {
  CheckOptions options;
  CheckReport report;
  Contract contract;  // the target's, with the hazards that were on
  std::string lastref_version;
  nlohmann::ordered_json callbacks;  // of `faults --callbacks`; null for nothing
};

// Names of those that are on.
nlohmann::ordered_json hazards_json(Hazards hazards);
// What differs from the reading of the manual.
nlohmann::ordered_json contract_json(const Contract& contract);
// Each with its trace and its timeline.
nlohmann::ordered_json findings_json(const std::vector<Finding>& findings,
                                     const Contract& contract);

nlohmann::ordered_json check_json(const JsonInput& input);

// As the file holds it, with a newline at the end: one object for one target, an array for several.
std::string json_text(const std::vector<JsonInput>& inputs);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_JSON_REPORT_H_
