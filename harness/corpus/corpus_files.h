// The files of the repository's corpus/, for the tests that hold them against each other.
#ifndef LASTREF_HARNESS_CORPUS_CORPUS_FILES_H_
#define LASTREF_HARNESS_CORPUS_CORPUS_FILES_H_

#include <string>
#include <vector>

#include "harness/corpus/bug_table.h"
#include "harness/corpus/expectations.h"
#include "harness/program/program.h"

namespace lastref {

inline constexpr const char* kCorpus = LASTREF_SOURCE_DIR "/corpus";

struct CorpusTrace {
  std::string name;  // "seeds/free-null"
  std::string text;
  Program program;
};

// Every trace below corpus/, by name. A trace that cannot be read is a failure of the test, as is
// a file below that cannot be parsed; what comes back is then empty.
std::vector<CorpusTrace> corpus_traces();
Expectations corpus_expectations();
BugTable corpus_bugs();

// The paths of the adapters of a build, by name.
std::vector<std::string> built_adapters(const std::string& build);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_CORPUS_FILES_H_
