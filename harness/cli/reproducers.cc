#include "harness/cli/reproducers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/cli/target_choice.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace.h"
#include "harness/program/trace_words.h"

namespace lastref {

const Dialect& require_dialect(const std::string& name, const std::string& target) {
  const std::string wanted = name.empty() ? target_name(target) : name;
  if (const Dialect* dialect = dialect_named(wanted)) return *dialect;
  const std::vector<std::string_view> names = dialect_names();
  if (name.empty()) {
    throw usage_failure(
        fmt::format("{}: found no C spelling of its library, expected one of {}; "
                    "name the one that is nearest with --dialect",
                    target, fmt::join(names, ", ")));
  }
  const std::string meant = did_you_mean(name, names);
  throw usage_failure(fmt::format("--dialect: found {}, expected one of {}{}{}", show_word(name),
                                  fmt::join(names, ", "), meant.empty() ? "" : "; ", meant));
}

std::string reproduce_hint(const std::string& trace, const std::string& target,
                           const std::string& hazards) {
  if (trace == "-" || dialect_named(target_name(target)) == nullptr) return {};
  return fmt::format("  As C: lastref reproduce {} --target {}{}{} > bug.c\n", trace, target,
                     hazards == "none" ? "" : " --hazards ", hazards == "none" ? "" : hazards);
}

Reproducer reproducer_of(const Finding& finding, const Contract& contract) {
  ReproducerInput input;
  input.dialect = dialect_named(target_name(finding.target));
  if (input.dialect == nullptr) return {};
  input.program = finding.program;
  input.contract = contract;
  input.symptoms = finding.symptoms;
  input.version = finding.version;
  return reproduce(input);
}

ReproducerDirectory::ReproducerDirectory(const std::string& path) : path_(path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || !std::filesystem::is_directory(path, error)) {
    throw usage_failure(
        fmt::format("--reproducers: {} cannot be made a directory; name another one", path));
  }
}

std::string ReproducerDirectory::write(const Finding& finding, const Contract& contract) const {
  const std::string target = target_name(finding.target);
  std::string stem = finding.symptoms.empty() ? "none" : text(signature(finding.symptoms.cause()));
  std::ranges::replace(stem, '/', '-');
  const std::string base = fmt::format("{}/{}-{}", path_, target, stem);
  OutputFile(base + ".trace").write(print_trace(finding.program));
  const Reproducer made = reproducer_of(finding, contract);
  if (made.source.empty() && made.lacks.empty()) return fmt::format("  Trace: {}.trace\n", base);
  if (!made.lacks.empty()) {
    return fmt::format("  Trace: {}.trace; there is no C program, for the dialect of {} lacks {}\n",
                       base, target, made.lacks);
  }
  OutputFile(base + ".c").write(made.source);
  return fmt::format("  C program: {}.c; its first comment says how to compile it\n", base);
}

}  // namespace lastref
