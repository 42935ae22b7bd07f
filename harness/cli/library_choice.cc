#include "harness/cli/library_choice.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "harness/cli/exit_code.h"
#include "harness/program/trace_words.h"
#include "harness/target/library_origin.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSearchPath = "LD_LIBRARY_PATH";
// Separate directories in it, or stand for something else.
constexpr const char* kNotInSearchPath = ":;$";

fs::path library_directory(const std::string& directory) {
  std::error_code error;
  fs::path path = fs::canonical(directory, error);
  if (error || !fs::is_directory(path, error)) {
    throw usage_failure(fmt::format(
        "--library: found {}, expected the directory that holds the library; {}",
        show_word(directory), error ? error.message() : "name the directory that the file is in"));
  }
  if (path.string().find_first_of(kNotInSearchPath) != std::string::npos) {
    throw usage_failure(
        fmt::format("--library: found {}, expected a path without any of {}, which mean something "
                    "else to the system's loader; name it by a link",
                    show_word(path.string()), kNotInSearchPath));
  }
  return path;
}

}  // namespace

void add_library_option(CLI::App& verb, std::string& directory) {
  verb.add_option("--library", directory,
                  "Run on the version of the library in that directory, installed or unpacked");
}

void search_library_in(const std::string& directory, const CommandLine& line) {
  if (directory.empty()) return;
  const fs::path wanted = library_directory(directory);
  if (required_library_directory() == wanted) return;
  const char* others = std::getenv(kSearchPath);
  const std::string path =
      wanted.string() + (others == nullptr || *others == '\0' ? "" : std::string(":") + others);
  setenv(kSearchPath, path.c_str(), 1);
  setenv(kLibraryVariable, wanted.c_str(), 1);
  execv("/proc/self/exe", line.words);
  throw Failure(ExitCode::kCouldNotRun,
                fmt::format("cannot start a process with {} in its search path: {}",
                            wanted.string(), std::strerror(errno)));
}

}  // namespace lastref
