// C programs: compiled, run, and what they came to. Many at a time, for a test that has hundreds.
#ifndef LASTREF_HARNESS_CORPUS_C_PROGRAMS_H_
#define LASTREF_HARNESS_CORPUS_C_PROGRAMS_H_

#include <string>
#include <vector>

namespace lastref {

struct CProgram {
  std::string name;  // of its file, without the ending; unique
  std::string source;
  std::string flags;  // in front of the source
  std::string libraries;
  bool checked = false;  // run by valgrind

  // Filled by run_c_programs().
  std::string compiled;  // what the compilers said; empty for nothing
  int exit = -1;         // what the shell says: 128 and more for a signal
  std::string output;
};

// Each is compiled by gcc, one in four with its flags by clang too, both with -Wall -Wextra -Werror
// as C11, and then run. As many at a time as there are processors, in `directory`, from the
// repository's root.
void run_c_programs(std::vector<CProgram>& programs, const std::string& directory);

// The operation, counted from 1, of the line that a program's output names; 0 for none.
int failed_operation(const CProgram& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_C_PROGRAMS_H_
