#include "harness/explore/pinned/spin.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "harness/explore/pinned/promela.h"

namespace lastref {
namespace {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lastref-spin-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code ignored;  // what is left lies in the directory for temporary files
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }  // empty when there is none

 private:
  std::string path_;
};

struct Ran {
  int status = -1;
  std::string output;  // of both streams
};

Ran run_in(const std::string& directory, const std::string& command) {
  Ran ran;
  const std::string line = fmt::format("cd '{}' && {{ {}; }} 2>&1", directory, command);
  // NOLINTNEXTLINE(bugprone-unsafe-functions): the command is made of constants and numbers.
  FILE* const pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer;
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.output.append(buffer.data(), got);
  }
  ran.status = pclose(pipe);
  return ran;
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The number at the start of the line that has `label`, or after it when the label ends in a colon.
std::optional<std::uint64_t> number_at(const std::string& output, const std::string& label) {
  const std::size_t at = output.find(label);
  if (at == std::string::npos) return std::nullopt;
  std::size_t from = at + label.size();
  if (label.back() != ':') {
    const std::size_t before = output.rfind('\n', at);
    from = before == std::string::npos ? 0 : before + 1;
  }
  unsigned long long number = 0;
  if (std::sscanf(output.c_str() + from, "%llu", &number) != 1) return std::nullopt;
  return number;
}

SpinSearch failed(std::string why, bool installed = true) {
  SpinSearch search;
  search.failure = std::move(why);
  search.installed = installed;
  return search;
}

}  // namespace

SpinSearch read_spin_output(const std::string& output) {
  const auto errors = number_at(output, "errors:");
  const auto states = number_at(output, " states, stored");
  const auto transitions = number_at(output, " transitions (= stored+matched)");
  if (!errors || !states || !transitions || *states < 1 || *transitions < 2) {
    return failed("found no counts in what pan printed:\n" + output);
  }
  for (const char* sign : {"max search depth too small", "Search not completed", "out of memory",
                           "reached -DMEMLIM bound", "hash-compact", "bit statespace"}) {
    if (*errors == 0 && output.find(sign) != std::string::npos) {
      return failed(fmt::format("the search is not exhaustive: pan says '{}'", sign));
    }
  }
  SpinSearch search;
  search.errors = *errors;
  search.states = *states - 1;
  search.transitions = *transitions - 2;
  return search;
}

SpinSearch search_with_spin(const PinnedBound& bound, int depth, int log2_places) {
  const ScratchDirectory scratch;
  if (scratch.path().empty()) return failed("could not make a directory for temporary files");
  if (run_in(scratch.path(), "command -v spin && command -v cc").status != 0) {
    return failed("spin or cc is not installed; scripts/setup installs them", false);
  }
  std::ofstream(scratch.path() + "/model.pml") << promela(bound);
  const Ran compiled =
      run_in(scratch.path(), "spin -a model.pml && cc -w -O2 -DSAFETY -DNOREDUCE -o pan pan.c");
  if (compiled.status != 0) return failed("could not compile the model:\n" + compiled.output);
  const double before = children_seconds();
  const Ran ran = run_in(scratch.path(), fmt::format("./pan -m{} -w{}", depth, log2_places));
  const double seconds = children_seconds() - before;
  if (ran.status != 0) return failed("pan failed:\n" + ran.output);
  SpinSearch search = read_spin_output(ran.output);
  search.processor_seconds = seconds;
  return search;
}

}  // namespace lastref
