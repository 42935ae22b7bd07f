// Which switches a run judges by other values than the target declares: the value of --contract.
#ifndef LASTREF_HARNESS_CLI_CONTRACT_CHOICE_H_
#define LASTREF_HARNESS_CLI_CONTRACT_CHOICE_H_

#include <string_view>

#include "harness/vocabulary/contract_marks.h"

namespace lastref {

// "NAME=VALUE,NAME=VALUE", each name once; empty for none. Throws Failure (usage).
ContractMarks parse_contract(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_CONTRACT_CHOICE_H_
