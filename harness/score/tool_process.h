// A search by a program of its own: what it used, what it printed, and whether it came to an end.
#ifndef LASTREF_HARNESS_SCORE_TOOL_PROCESS_H_
#define LASTREF_HARNESS_SCORE_TOOL_PROCESS_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lastref {

// A directory for what a search writes, gone when it ends. Throws std::system_error when there can
// be none.
class SearchScratch {
 public:
  SearchScratch();
  ~SearchScratch();
  SearchScratch(const SearchScratch&) = delete;
  SearchScratch& operator=(const SearchScratch&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct ToolRun {
  bool ended = false;  // else it neither ended nor went on, and was stopped
  int exit_code = 0;
  double seconds = 0;  // of processor time
  std::string output;
};

// No progress for so long is a hang, also on a busy machine; a look for leaks takes milliseconds.
inline constexpr std::chrono::seconds kToolHang{10};

// Runs it to its end. It goes on as long as its output grows or `progress` changes, and for `hang`
// behind that.
ToolRun run_tool(const std::vector<std::string>& words, const SearchScratch& scratch,
                 const std::filesystem::path& progress, std::chrono::seconds hang = kToolHang);

// The number that the first 8 bytes of a file are; 0 when there are none.
std::uint64_t number_in(const std::filesystem::path& file);

// The number behind the last `word` of a text; 0 for none.
std::uint64_t last_number(std::string_view text, std::string_view word);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_TOOL_PROCESS_H_
