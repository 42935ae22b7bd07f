// The options that every verb has which searches and reports findings.
#ifndef LASTREF_HARNESS_CLI_FINDING_OPTIONS_H_
#define LASTREF_HARNESS_CLI_FINDING_OPTIONS_H_

#include <CLI/App.hpp>
#include <string>

namespace lastref {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct FindingWords {
  std::string hazards = "known";
  std::string baseline;
  std::string reproducers;
  std::string library;
  std::string json;
  bool quiet = false;
};

// `words` must outlive the parsing.
void add_finding_options(CLI::App& verb, FindingWords& words);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_FINDING_OPTIONS_H_
