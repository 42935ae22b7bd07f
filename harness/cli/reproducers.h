// C source for what a target came to: which dialect speaks for a target, and the files of a check's
// findings.
#ifndef LASTREF_HARNESS_CLI_REPRODUCERS_H_
#define LASTREF_HARNESS_CLI_REPRODUCERS_H_

#include <string>

#include "harness/execute/finding.h"
#include "harness/reproduce/dialect.h"
#include "harness/reproduce/reproducer.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// The table of that name, or of the target's name where `name` is empty. Throws Failure (usage)
// with the nearest one.
const Dialect& require_dialect(const std::string& name, const std::string& target);

// "  As C: lastref reproduce bug.trace --target openssl > bug.c\n": what a report of a trace's
// finding says. Empty where there is no dialect, and for "-", the standard input.
std::string reproduce_hint(const std::string& trace, const std::string& target,
                           const std::string& hazards);

// The finding's program as C. Where it cannot be written the source is empty; `lacks` then says why
// not, and is empty where the target has no dialect. `contract` is the target's with the hazards
// that were on.
Reproducer reproducer_of(const Finding& finding, const Contract& contract);

// A directory that takes a check's findings: for each its trace and, where the target has a
// dialect, the C program. It is made if it is not there. Throws Failure (usage) for one that cannot
// be.
class ReproducerDirectory {
 public:
  ReproducerDirectory() = default;
  explicit ReproducerDirectory(const std::string& path);

  bool is_open() const { return !path_.empty(); }
  // Writes the finding's files and returns what a report says of them, one line. Throws Failure
  // (could not run) when they cannot be written.
  std::string write(const Finding& finding, const Contract& contract) const;

 private:
  std::string path_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_REPRODUCERS_H_
