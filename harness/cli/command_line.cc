#include "harness/cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <string_view>
#include <vector>

#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/cli/verbs.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

constexpr const char* kDescription =
    "Finds lifetime bugs in the session objects of TLS libraries: runs random programs of API "
    "calls\n"
    "in lockstep with a model of who owns what, and reports where the library departs from it.";

constexpr const char* kFooter =
    "Exit codes:\n"
    "  0    clean\n"
    "  1    findings: of check, those that are not known; with several targets 1 goes before 3\n"
    "  2    wrong usage or input\n"
    "  3    could not run: a library or an adapter that does not start, a report that could not\n"
    "       be written\n"
    "  4    internal error\n"
    "  130  stopped by Ctrl-C; what was found until then is reported\n"
    "\n"
    "'lastref VERB --help' tells of a verb.";

// A first word that is no verb gets the nearest one; CLI11 would only say that it is too much.
void require_verb(const CLI::App& app, int count, char** words) {
  if (count < 2 || words[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({})) names.push_back(verb->get_name());
  std::vector<std::string_view> views(names.begin(), names.end());
  for (const std::string_view name : views) {
    if (name == words[1]) return;
  }
  const std::string meant = did_you_mean(words[1], views);
  throw usage_failure(
      fmt::format("found {}, expected a verb; {}", show_word(words[1]),
                  meant.empty() ? fmt::format("the verbs are {}", fmt::join(views, ", ")) : meant));
}

void require_known_words(const CLI::App& verb) {
  const std::vector<std::string> extras = verb.remaining();
  if (extras.empty()) return;
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string word = extras[0].substr(0, extras[0].find('='));
  const std::string meant = did_you_mean(word, views);
  throw usage_failure(
      fmt::format("{}: found {}, expected {}; {}", verb.get_name(), show_word(word),
                  word[0] == '-' ? "an option of it" : "no further word",
                  meant.empty() ? fmt::format("see 'lastref {} --help'", verb.get_name()) : meant));
}

ExitCode parse_and_run(int count, char** words, CommandLine& line) {
  CLI::App app(kDescription, "lastref");
  app.footer(kFooter);
  app.set_version_flag("--version", "lastref " + line.version);
  app.require_subcommand(1);
  add_check_verb(app, line);
  add_explore_verb(app, line);
  add_faults_verb(app, line);
  add_merge_verb(app, line);
  add_run_verb(app, line);
  add_shrink_verb(app, line);
  add_reproduce_verb(app, line);
  add_compare_verb(app, line);
  add_targets_verb(app, line);
  add_operations_verb(app, line);
  add_format_verb(app, line);
  add_contract_verb(app, line);
  add_build_adapter_verb(app, line);
  add_campaign_verb(app, line);
  add_mutants_verb(app, line);
  try {
    require_verb(app, count, words);
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      app.exit(error);  // prints the help or the version
      finish_output();
      return ExitCode::kClean;
    }
    const auto verbs = app.get_subcommands();
    throw usage_failure(fmt::format("{}; see 'lastref{}{} --help'", error.what(),
                                    verbs.empty() ? "" : " ",
                                    verbs.empty() ? "" : verbs[0]->get_name()));
  }
  finish_output();
  return line.exit_code;
}

}  // namespace

CLI::App* add_verb(CLI::App& app, CommandLine& line, const std::string& name,
                   const std::string& description, std::function<ExitCode()> work) {
  CLI::App* verb = app.add_subcommand(name, description);
  verb->allow_extras();
  verb->callback([verb, &line, work = std::move(work)] {
    require_known_words(*verb);
    line.exit_code = work();
  });
  return verb;
}

Program read_trace(const std::string& path) {
  auto parsed = parse_trace(read_file(path, kMaxTraceBytes));
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    throw usage_failure(error->text(path == "-" ? "standard input" : path));
  }
  return std::get<Program>(parsed);
}

int run_command_line(int count, char** words, const Engine& engine, const std::string& version) {
  CommandLine line{engine, version, words};
  ExitCode code = ExitCode::kInternalError;
  try {
    code = parse_and_run(count, words, line);
  } catch (const Failure& failure) {
    print_error(fmt::format("lastref: {}\n", failure.what()));
    code = failure.code();
  } catch (const std::exception& error) {
    print_error(
        fmt::format("lastref: internal error: {}. This is a mistake in lastref, not in the library "
                    "under test; please report it with the output of 'lastref --version' and the "
                    "command line: {}\n",
                    error.what(), fmt::join(words, words + count, " ")));
  }
  return static_cast<int>(code);
}

}  // namespace lastref
