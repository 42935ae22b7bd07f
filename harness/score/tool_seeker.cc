#include "harness/score/tool_seeker.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "harness/execute/child_process.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr const char* kValgrind = "/usr/bin/valgrind";
constexpr int kCouldNotRun = 3;  // of plain calls
// No progress for so long is a hang, also on a busy machine; a look for leaks takes milliseconds.
constexpr milliseconds kHang{10'000};
constexpr milliseconds kLook{20};
// Bytes that 24 calls may ask for.
constexpr int kMaxInputBytes = 200;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

// What a search writes, gone when it ends.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "lastref.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The number that plain calls keep of the program that runs; 0 before the first.
std::uint64_t program_in(const fs::path& progress) {
  std::uint64_t program = 0;
  std::ifstream(progress, std::ios::binary).read(reinterpret_cast<char*>(&program), sizeof program);
  return program;
}

// The number behind the last `word` of libFuzzer's output; 0 for none.
std::uint64_t last_number(const std::string& text, std::string_view word) {
  const std::size_t at = text.rfind(word);
  std::uint64_t number = 0;
  if (at == std::string::npos) return number;
  const std::size_t digit = text.find_first_of("0123456789", at + word.size());
  if (digit == std::string::npos) return number;
  std::from_chars(text.data() + digit, text.data() + text.size(), number);
  return number;
}

// tests/harness/mutants/plain of the build that made the adapter.
std::string plain_directory(const Bug& bug) {
  return (fs::path(bug.target).parent_path().parent_path() / "plain").string();
}

struct Search {
  std::string directory;
  Bug bug;
  std::uint64_t seed;
  SeekLimits limits;
  Scratch scratch;

  std::string file_name() const { return fs::path(bug.target).filename().string(); }
  std::string sanitized() const { return directory + "/asan/" + file_name(); }
  std::vector<std::string> plain_words(const std::string& library) const {
    return {library, std::to_string(seed), std::to_string(limits.programs),
            fmt::format("{}", limits.seconds), (scratch / "progress").string()};
  }
  std::vector<std::string> fuzz_words() const {
    return {directory + "/asan_fuzz",
            fmt::format("-seed={}", seed),
            fmt::format("-runs={}", limits.programs),
            fmt::format("-max_total_time={}", std::max(1, static_cast<int>(limits.seconds))),
            fmt::format("-max_len={}", kMaxInputBytes),
            "-print_final_stats=1",
            "-timeout=5",
            fmt::format("-artifact_prefix={}/", (scratch / "").string())};
  }
};

std::vector<std::string> words_of(const Tool& tool, const Search& search) {
  std::vector<std::string> words;
  std::vector<std::string> plain;
  if (tool.name == "libfuzzer") return search.fuzz_words();
  if (tool.name == "valgrind") {
    words = {kValgrind, "-q", "--error-exitcode=9", "--exit-on-first-error=yes",
             search.directory + "/calls"};
    plain = search.plain_words(search.bug.target);
  } else {
    words = {search.directory + "/asan_calls"};
    plain = search.plain_words(search.sanitized());
  }
  words.insert(words.end(), plain.begin(), plain.end());
  return words;
}

// Waits for the end. False when it does not come: neither output nor progress changes any more.
bool wait_for_end(ChildProcess& process, const Search& search, const fs::path& log) {
  std::uint64_t seen = 0;
  auto changed = std::chrono::steady_clock::now();
  while (!process.wait_for(kLook)) {
    std::error_code error;
    const std::uint64_t now = program_in(search.scratch / "progress") + fs::file_size(log, error);
    if (now != seen) {
      seen = now;
      changed = std::chrono::steady_clock::now();
    }
    if (std::chrono::steady_clock::now() - changed > kHang) return false;
  }
  return true;
}

}  // namespace

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = {
      {"asan", "plain random calls under AddressSanitizer and LeakSanitizer, no model"},
      {"libfuzzer", "plain calls chosen by libFuzzer under the same sanitizers, no model"},
      {"valgrind", "plain random calls under valgrind memcheck, no model"},
  };
  return all;
}

const Tool* tool_named(std::string_view name) {
  const auto found = std::ranges::find(tools(), name, &Tool::name);
  return found == tools().end() ? nullptr : &*found;
}

Sighting seek_with_tool(const Tool& tool, const Bug& bug, std::uint64_t seed,
                        const SeekLimits& limits) {
  const Search search{plain_directory(bug), bug, seed, limits, {}};
  const fs::path log = search.scratch / "log";
  Sighting sighting;
  const std::vector<std::string> words = words_of(tool, search);
  for (const std::string& file : {words.front(), search.sanitized()}) {
    if (fs::exists(file)) continue;
    sighting.could_not_run = fmt::format(
        "{}: found no {}; build the target lastref_plain_tools, and install valgrind for it",
        tool.name, file);
    return sighting;
  }
  // The fuzzer has nothing but the environment to be told by.
  setenv("LASTREF_PLAIN_LIBRARY", search.sanitized().c_str(), 1);
  const double before = children_seconds();
  ChildProcess process(words, log);
  const bool ended = wait_for_end(process, search, log);
  process.stop();
  sighting.seconds = children_seconds() - before;
  const std::string output = text_of(log);
  sighting.programs = tool.name == "libfuzzer" ? last_number(output, "number_of_executed_units:")
                                               : program_in(search.scratch / "progress");
  if (ended && (process.exit_code() == kCouldNotRun || process.exit_code() == kNotExecuted)) {
    sighting.could_not_run = output.substr(0, output.find('\n'));
  } else {
    sighting.found = !ended || process.exit_code() != 0;
    sighting.shown = sighting.found;
  }
  return sighting;
}

}  // namespace lastref
