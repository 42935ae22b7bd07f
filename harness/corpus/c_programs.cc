#include "harness/corpus/c_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <thread>

#include "harness/reproduce/reproducer.h"

namespace lastref {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A second compiler, which takes a third of the time, looks for warnings of its own in one in so
// many.
constexpr std::size_t kSecondCompilerOneIn = 4;

// The shell writes what the compilers say, what the program says, and the exit code, to files.
void run_one(CProgram& program, bool second, const std::string& directory) {
  const std::string base = fmt::format("{}/{}", directory, program.name);
  std::ofstream(base + ".c") << program.source;
  const std::string warnings = fmt::format("-std=c11 -Wall -Wextra -Werror {}", program.flags);
  std::ofstream(base + ".sh") << fmt::format(
      "cd '{0}'\n"
      "gcc {1} '{2}.c' {3} -o '{2}' > '{2}.compiled' 2>&1\n"
      "if {5} && command -v clang > /dev/null; then\n"
      "  clang -fsyntax-only {1} '{2}.c' >> '{2}.compiled' 2>&1\n"
      "fi\n"
      "{4} '{2}' > '{2}.output' 2>&1\n"
      "echo $? > '{2}.exit'\n",
      LASTREF_SOURCE_DIR, warnings, base, program.libraries, program.checked ? kChecker : "",
      second ? "true" : "false");
  // What a shell says of a program that a signal ended is of no interest.
  const std::string command = fmt::format("sh '{}.sh' > /dev/null 2>&1", base);
  if (std::system(command.c_str()) != 0) return;  // NOLINT(cert-env33-c): it is a shell's work
  program.compiled = text_of(base + ".compiled");
  program.output = text_of(base + ".output");
  program.exit = std::atoi(text_of(base + ".exit").c_str());  // NOLINT(cert-err34-c): we wrote it
}

}  // namespace

void run_c_programs(std::vector<CProgram>& programs, const std::string& directory) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < std::max(std::thread::hardware_concurrency(), 1U); ++i) {
    workers.emplace_back([&] {
      for (std::size_t n = next++; n < programs.size(); n = next++) {
        run_one(programs[n], n % kSecondCompilerOneIn == 0, directory);
      }
    });
  }
}

int failed_operation(const CProgram& program) {
  std::smatch match;
  if (!std::regex_search(program.output, match, std::regex("line ([0-9]+): "))) return 0;
  const int failed = std::stoi(match[1]);
  std::istringstream lines(program.source);
  const std::regex comment("^  /\\* ([0-9]+)\\.");
  int operation = 0;
  std::string line;
  for (int number = 1; number <= failed && std::getline(lines, line); ++number) {
    if (std::regex_search(line, match, comment)) operation = std::stoi(match[1]);
  }
  return operation;
}

}  // namespace lastref
