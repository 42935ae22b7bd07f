// Findings in plain words, for a person who reads them without lastref's manual.
#ifndef LASTREF_HARNESS_REPORT_TEXT_REPORT_H_
#define LASTREF_HARNESS_REPORT_TEXT_REPORT_H_

#include <string>

#include "harness/execute/finding.h"
#include "harness/generate/check.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// What happened, at which operation, who held what, the timeline of the references, cause and
// consequences, the trace. `contract` is the target's, with the hazards that were on.
std::string finding_text(const Finding& finding, const Contract& contract);

// What a written program came to on a target. `trace` is its name for the reader.
struct RunOutcome {
  std::string trace;
  std::string target;
  Program program;
  ProgramReport report;
  std::string known;  // the baseline's entry that lists it, or empty
};

// What a written program came to: clean, a finding, or misuse and its consequences.
std::string run_text(const RunOutcome& outcome, const Contract& contract);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_TEXT_REPORT_H_
