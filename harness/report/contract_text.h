// The contract as text: what the manuals leave open, who granted the choice, what a target chose,
// and the program that shows the difference.
#ifndef LASTREF_HARNESS_REPORT_CONTRACT_TEXT_H_
#define LASTREF_HARNESS_REPORT_CONTRACT_TEXT_H_

#include <string>
#include <vector>

#include "harness/vocabulary/contract.h"

namespace lastref {

// "corpus/contract/cache-capacity.trace": a program that differs under two values of the switch.
std::string contract_trace(const SwitchRow& row);

// What one target chose, for a person at a terminal.
std::string contract_text(const Contract& contract);

struct TargetContract {
  std::string target;
  Contract contract;
};

// The page docs/contract.md: every switch with a table of what each target chose, by name. A target
// has one line in each table and stands nowhere else.
std::string contract_markdown(std::vector<TargetContract> targets);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_CONTRACT_TEXT_H_
