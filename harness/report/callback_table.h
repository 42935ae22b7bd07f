// What the programs of a target's callbacks came to, for a reader and for a program.
#ifndef LASTREF_HARNESS_REPORT_CALLBACK_TABLE_H_
#define LASTREF_HARNESS_REPORT_CALLBACK_TABLE_H_

#include <nlohmann/json.hpp>
#include <string>

#include "harness/inject/callback_coverage.h"

namespace lastref {

// "reentry-new-free  allowed, as the model has it", a line for each cell and pair that applies.
std::string callback_table(const CallbackReport& report);

// "72 of 72 cells, 214 of 262 pairs: 120 of 126 allowed, ...".
std::string callback_total(const CallbackReport& report);

// Cells and pairs with their sources, outcomes and traces, and the totals.
nlohmann::ordered_json callback_json(const CallbackReport& report);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_CALLBACK_TABLE_H_
