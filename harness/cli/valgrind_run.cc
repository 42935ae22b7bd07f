#include "harness/cli/valgrind_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

#include "harness/cli/exit_code.h"
#include "harness/memory/heap_valgrind.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInstall = "install it with 'apt-get install valgrind'";

bool on_path(const char* program) {
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const fs::path file = fs::path(rest.substr(0, end)) / program;
    if (access(file.c_str(), X_OK) == 0) return true;
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

// A directory that goes away with the object.
class ReportDirectory {
 public:
  ReportDirectory() {
    std::string pattern = (fs::temp_directory_path() / "lastref-valgrind.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw Failure(ExitCode::kCouldNotRun,
                    fmt::format("cannot make {}: {}", pattern, std::strerror(errno)));
    }
    path_ = pattern;
  }
  ~ReportDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ReportDirectory(const ReportDirectory&) = delete;
  ReportDirectory& operator=(const ReportDirectory&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// How long memcheck may take for a program. What waits for a lock in released memory waits for
// ever, and what was seen before that is in the report.
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kLook{20};

// Waits for a process and ends it when it takes too long: then it counts as one with findings.
int await(pid_t child) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
    if (std::chrono::steady_clock::now() > end) {
      kill(child, SIGKILL);  // its children end with it
      waitpid(child, &status, 0);
      return static_cast<int>(ExitCode::kFindings);
    }
    std::this_thread::sleep_for(kLook);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The exit status of the words as a program, whose output goes nowhere.
int run_silently(std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("cannot start {}: {}", words[0], std::strerror(error)));
  }
  return await(child);
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void require_valgrind() {
  if (!on_path("valgrind")) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("--valgrind: found no valgrind on the PATH; {}", kInstall));
  }
  if (LASTREF_VALGRIND == 0) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("--valgrind: lastref was built where <valgrind/memcheck.h> was "
                              "missing; {} and build lastref again",
                              kInstall));
  }
}

std::vector<ValgrindError> run_on_valgrind(const std::vector<std::string>& words) {
  require_valgrind();
  const ReportDirectory reports;
  std::vector<std::string> all = {"valgrind",
                                  "-q",
                                  "--xml=yes",
                                  "--xml-file=" + (reports.path() / "%p.xml").string(),
                                  "--child-silent-after-fork=no",
                                  "--leak-check=no",
                                  "--num-callers=20",
                                  fs::read_symlink("/proc/self/exe").string()};
  all.insert(all.end(), words.begin(), words.end());
  const int status = run_silently(all);
  if (status != 0 && status != static_cast<int>(ExitCode::kFindings)) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("--valgrind: lastref under valgrind ended with status {}, expected 0 "
                              "or 1; run it by hand: {}",
                              status, fmt::join(all, " ")));
  }
  std::vector<ValgrindError> errors;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(reports.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    for (ValgrindError& error : parse_valgrind_report(text_of(file))) {
      // Outside of an operation it is the library's start, or ours.
      if (error.operation > 0) errors.push_back(std::move(error));
    }
  }
  return errors;
}

}  // namespace lastref
