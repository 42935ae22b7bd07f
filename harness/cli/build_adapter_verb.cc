// `lastref build-adapter T`: an installed adapter's source, compiled against another version of its
// library.

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <system_error>

#include "harness/cli/adapter_recipe.h"
#include "harness/cli/files.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace_words.h"
#include "harness/target/library_origin.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompiler = "c++";

struct Options {
  std::string adapter;
  std::vector<std::string> includes;
  std::string library;
  std::string output;
};

fs::path directory_of(std::string_view option, const std::string& path) {
  std::error_code error;
  fs::path found = fs::canonical(path, error);
  if (error || !fs::is_directory(found, error)) {
    throw usage_failure(fmt::format("{}: found {}, expected a directory; {}", option,
                                    show_word(path),
                                    error ? error.message() : "name the one that the file is in"));
  }
  return found;
}

// $CXX may hold a launcher and options: "ccache g++ -m32".
std::vector<std::string> compiler() {
  const char* variable = std::getenv("CXX");
  std::istringstream stream(variable == nullptr ? "" : variable);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) words.emplace_back(kCompiler);
  return words;
}

std::vector<std::string> command(const AdapterRecipe& recipe, const Options& options) {
  const fs::path sources = recipe_directory();
  const fs::path library = directory_of("--library", options.library);
  std::vector<std::string> words = compiler();
  const auto add = [&words](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  add({"-std=c++20", "-O2", "-g", "-fPIC", "-shared", "-fvisibility=hidden"});
  words.insert(words.end(), recipe.options.begin(), recipe.options.end());
  add({"-I" + sources.string(), "-I" + (sources / "include").string()});
  for (const std::string& include : options.includes) {
    const fs::path headers = directory_of("--include", include);
    add({"-I" + headers.string()});
    for (const std::string& below : recipe.includes) add({"-I" + (headers / below).string()});
  }
  for (const std::string& source : recipe.sources) add({(sources / source).string()});
  for (const std::string& name : recipe.libraries) add({library_file(library, name).string()});
  // What the library has not shows now and not when it is loaded. It is found where it was compiled
  // for, unless --library says otherwise.
  add({"-Wl,--no-undefined", "-Wl,--enable-new-dtags", "-Wl,-rpath," + library.string(), "-o",
       options.output});
  return words;
}

// Runs a program with our own output; what it says is for the user.
void run_compiler(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (error != 0) {
    throw Failure(
        ExitCode::kCouldNotRun,
        fmt::format("cannot run the compiler {}: {}; install one (g++), or name it in CXX",
                    show_word(words[0]), std::strerror(error)));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Failure(
      ExitCode::kCouldNotRun,
      fmt::format("the compiler {}, see above; the adapter's source does not fit these headers and "
                  "this library, or they do not belong together",
                  WIFEXITED(status) ? fmt::format("ended with {}", WEXITSTATUS(status))
                                    : fmt::format("was ended by signal {}", WTERMSIG(status))));
}

ExitCode build(const CommandLine& line, Options options) {
  const AdapterRecipe recipe = load_recipe(options.adapter);
  if (options.output.empty()) options.output = "lastref-target-" + options.adapter + ".so";
  const std::vector<std::string> words = command(recipe, options);
  print_out(fmt::format("{}\n", fmt::join(words, " ")));
  flush_output();
  run_compiler(words);
  // That it starts, on that library and no other, is worth more than that it was linked.
  setenv(kLibraryVariable, directory_of("--library", options.library).c_str(), 1);
  const std::string path = fs::absolute(options.output).string();
  std::string error;
  const std::string version = line.engine.target_version(path, &error);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, error);
  print_out(fmt::format("{}: {}\n", path, version));
  return ExitCode::kClean;
}

}  // namespace

void add_build_adapter_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, line, "build-adapter", "Compile an adapter for another version of its library",
               [&line, options] { return build(line, *options); });
  verb->add_option("ADAPTER", options->adapter, "One whose sources are installed: openssl, ...")
      ->required();
  verb->add_option("--include", options->includes,
                   "The directory of the version's headers; may be given several times")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--library", options->library, "The directory of its libraries")->required();
  verb->add_option("-o,--output", options->output,
                   "The adapter (default: lastref-target-ADAPTER.so here)");
  verb->footer(
      "Needed where headers and library differ from those that the adapter was built with, as "
      "with\n"
      "another soname; else --library of the other verbs is enough. The compiler is $CXX, or c++.\n"
      "Afterwards: lastref check ./lastref-target-ADAPTER.so");
}

}  // namespace lastref
