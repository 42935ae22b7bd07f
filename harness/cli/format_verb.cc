// `lastref format TRACE...`: traces in their canonical form.

#include <fmt/format.h>

#include <memory>

#include "harness/cli/files.h"
#include "harness/cli/trace_format.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

struct Options {
  std::vector<std::string> traces;
  bool check = false;
  bool write = false;
};

// The trace in `text`, formatted. Formatting may not change what a trace says.
std::string formatted(const std::string& path, const std::string& text) {
  auto parsed = parse_trace(text);
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    throw usage_failure(error->text(path == "-" ? "standard input" : path));
  }
  const Program& program = std::get<Program>(parsed);
  std::string result = format_trace(text, program);
  const auto again = parse_trace(result);
  if (!std::holds_alternative<Program>(again) || !(std::get<Program>(again) == program)) {
    throw std::logic_error(path + ": formatting would change the program");
  }
  return result;
}

ExitCode format(const Options& options) {
  ExitCode code = ExitCode::kClean;
  for (const std::string& path : trace_files(options.traces)) {
    const std::string text = read_file(path, kMaxTraceBytes);
    const std::string result = formatted(path, text);
    if (options.check) {
      if (result == text) continue;
      print_out(path + ": not in canonical form; run 'lastref format --write' on it\n");
      code = ExitCode::kFindings;
    } else if (options.write && path != "-") {
      if (result != text) OutputFile(path).write(result);
    } else {
      print_out(result);
    }
  }
  return code;
}

}  // namespace

void add_format_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, line, "format", "Print traces in their canonical form",
                            [options] { return format(*options); });
  verb->add_option("TRACE", options->traces, "Files, directories of *.trace, or - for stdin")
      ->required();
  CLI::Option* check =
      verb->add_flag("--check", options->check, "Only name those that are not; then exit with 1");
  verb->add_flag("--write", options->write, "Write them back to their files")->excludes(check);
}

}  // namespace lastref
