// What a fuzzing engine and a replay print, read for what a campaign needs of it.
#ifndef LASTREF_HARNESS_CAMPAIGN_ENGINE_OUTPUT_H_
#define LASTREF_HARNESS_CAMPAIGN_ENGINE_OUTPUT_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lastref {

// How far an engine is, by its last line that says so; all 0 before the first. libFuzzer's output:
// https://llvm.org/docs/LibFuzzer.html#output
struct EngineStatus {
  std::uint64_t inputs = 0;    // that were run
  std::uint64_t features = 0;  // "ft:", of branches and of the model's states
  std::uint64_t corpus = 0;    // inputs that are worth keeping
  std::uint64_t rate = 0;      // inputs a second

  friend bool operator==(const EngineStatus&, const EngineStatus&) = default;
};
EngineStatus engine_status(std::string_view output);

// The end of a log, enough for its last lines; empty for none.
std::string log_tail(const std::filesystem::path& log);

// The file that an engine wrote the input to which ended it, its last word on that; empty for none.
std::string written_input(std::string_view output);

// What the report of an input shows before anything is shrunk, in one line: the verdict with its
// operation, and what a sanitizer or the engine says. Inputs that look alike are taken for one
// finding. Empty when it shows nothing.
std::string symptom_line(std::string_view report);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_ENGINE_OUTPUT_H_
