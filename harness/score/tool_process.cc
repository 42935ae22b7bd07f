#include "harness/score/tool_process.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "harness/execute/child_process.h"
#include "harness/score/processor_time.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLook{20};

}  // namespace

SearchScratch::SearchScratch() {
  std::string name = (fs::temp_directory_path() / "lastref.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), name);
  }
  path_ = name;
}

SearchScratch::~SearchScratch() {
  std::error_code error;
  fs::remove_all(path_, error);
}

ToolRun run_tool(const std::vector<std::string>& words, const SearchScratch& scratch,
                 const fs::path& progress, std::chrono::seconds hang) {
  const fs::path log = scratch / "log";
  const double before = children_seconds();
  ChildProcess process(words, log);
  ToolRun run;
  std::uint64_t seen = 0;
  Clock::time_point changed = Clock::now();
  while (!(run.ended = process.wait_for(kLook)) && Clock::now() - changed < hang) {
    std::error_code error;
    const std::uint64_t now = number_in(progress) + fs::file_size(log, error);
    if (now == seen) continue;
    seen = now;
    changed = Clock::now();
  }
  process.stop();
  run.exit_code = process.exit_code();
  run.seconds = children_seconds() - before;
  std::ifstream file(log, std::ios::binary);
  run.output.assign(std::istreambuf_iterator<char>(file), {});
  return run;
}

std::uint64_t number_in(const fs::path& file) {
  std::uint64_t number = 0;
  std::ifstream(file, std::ios::binary).read(reinterpret_cast<char*>(&number), sizeof number);
  return number;
}

std::uint64_t last_number(std::string_view text, std::string_view word) {
  const std::size_t at = text.rfind(word);
  std::uint64_t number = 0;
  if (at == std::string_view::npos) return number;
  const std::size_t digit = text.find_first_of("0123456789", at + word.size());
  if (digit == std::string_view::npos) return number;
  std::from_chars(text.data() + digit, text.data() + text.size(), number);
  return number;
}

}  // namespace lastref
