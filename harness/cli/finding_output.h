// Where the findings of a verb go that takes FindingWords: the terminal, the JSON, the directory of
// reproducers; and what the verb's exit code is.
#ifndef LASTREF_HARNESS_CLI_FINDING_OUTPUT_H_
#define LASTREF_HARNESS_CLI_FINDING_OUTPUT_H_

#include <string>
#include <vector>

#include "harness/cli/baseline.h"
#include "harness/cli/engine.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/cli/finding_options.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/reproducers.h"
#include "harness/report/json_report.h"

namespace lastref {

class FindingOutput {
 public:
  // Opens the files, before any work is done. Throws Failure (usage). `words` outlives this.
  explicit FindingOutput(const FindingWords& words);

  // With --json - the standard output is the JSON's, and the text goes to the standard error.
  void print(const std::string& text) const;
  // The same, but not with --quiet.
  void say(const std::string& text) const;

  // The target's contract, and the hazards that are on. False when the target cannot be started,
  // which is then said and kept among the results.
  bool begin(const Engine& engine, JsonInput& result);
  // Names what is known, prints the table and the findings, and keeps the result.
  void take(JsonInput result);

  // Writes the JSON. 130 when it was stopped, then 1 for findings, 4 and 3.
  ExitCode finish();

 private:
  const FindingWords& words_;
  HazardChoice hazards_;
  OutputFile json_;
  ReproducerDirectory reproducers_;
  Baseline baseline_;
  const Engine* engine_ = nullptr;      // from begin() on
  std::vector<BaselineEntry> entries_;  // of the target at hand
  std::vector<JsonInput> results_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_FINDING_OUTPUT_H_
