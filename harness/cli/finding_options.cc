#include "harness/cli/finding_options.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "harness/cli/library_choice.h"

namespace lastref {

void add_finding_options(CLI::App& verb, FindingWords& words) {
  verb.add_option("--hazards", words.hazards,
                  "Known bugs to go round: known (the baseline's, the default), none, NAME,...;\n"
                  "known,-NAME drops one of those that are known");
  verb.add_option("--baseline", words.baseline, "The file or directory of known findings");
  verb.add_option("--reproducers", words.reproducers,
                  "A directory for the trace and the C program of each finding");
  add_library_option(verb, words.library);
  verb.add_option("--json", words.json, "Write the findings there; - is stdout");
  verb.add_flag("--quiet", words.quiet, "Print nothing but findings");
}

}  // namespace lastref
