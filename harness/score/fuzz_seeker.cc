#include "harness/score/fuzz_seeker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/fuzz/assembly.h"
#include "harness/score/closer_look.h"
#include "harness/score/tool_process.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

// Seeds of searches are small numbers; those of what begins anew are far from them.
constexpr std::uint64_t kSeedStride = 1'000'003;
// What env(1) ends with where it is no program, or none is there.
constexpr int kCannotRun = 126;
constexpr int kNotThere = 127;
// What a campaign allows as well.
constexpr int kMaxInputBytes = 512;

// One search: the engine, started as often as it stops at something else.
class FuzzSearch {
 public:
  FuzzSearch(const Bug& bug, std::uint64_t seed, const SeekLimits& limits)
      : bug_(bug), seed_(seed), limits_(limits), look_(bug.target, bug.hazards) {}

  Sighting run();

 private:
  std::vector<std::string> words(double seconds, std::uint64_t start) const;
  // False when the engine's time was over before it stopped at anything.
  bool run_engine(double seconds, std::uint64_t start);
  // Whether its program shows anything.
  bool look_at_finding();
  // The input that it stopped at, as a program, and taken away; nothing where it kept none.
  std::optional<Program> take_finding();
  double seconds() const { return sighting_.seconds + look_.taken().count(); }

  const Bug& bug_;
  std::uint64_t seed_;
  const SeekLimits& limits_;
  std::string_view contexts_ = "again";
  SearchScratch scratch_;
  CloserLook look_;
  Sighting sighting_;
};

// The engine's own clock is that on the wall.
int whole(double seconds) { return std::max(1, static_cast<int>(std::ceil(seconds))); }

std::vector<std::string> FuzzSearch::words(double seconds, std::uint64_t start) const {
  return {"/usr/bin/env", "LASTREF_FUZZ_HAZARDS=none",
          fmt::format("LASTREF_FUZZ_ADAPTER={}", bug_.target),
          fmt::format("LASTREF_FUZZ_CONTEXTS={}", contexts_), fs::absolute(limits_.fuzzer).string(),
          fmt::format("-seed={}", seed_ + start * kSeedStride),
          fmt::format("-runs={}", limits_.programs - sighting_.programs),
          fmt::format("-max_total_time={}", whole(seconds)),
          fmt::format("-max_len={}", kMaxInputBytes), "-print_final_stats=1",
          "-timeout=2",  // seconds: its least but one, for a program takes microseconds
          // What a campaign does without too, see docs/fuzzing.md, and what others put there.
          "-entropic=0", "-reduce_inputs=0", "-reload=0",
          fmt::format("-artifact_prefix={}/", (scratch_ / "findings").string()),
          (scratch_ / "corpus").string()};
}

bool FuzzSearch::run_engine(double seconds, std::uint64_t start) {
  // What takes too long it stops itself; it may say nothing for as long as it finds nothing new.
  const std::chrono::seconds patience = kToolHang + std::chrono::seconds{whole(seconds)};
  const ToolRun run = run_tool(words(seconds, start), scratch_, {}, patience);
  sighting_.seconds += run.seconds;
  sighting_.programs += last_number(run.output, "number_of_executed_units:");
  if (run.ended && (run.exit_code == kCannotRun || run.exit_code == kNotThere)) {
    sighting_.could_not_run =
        fmt::format("fuzz: '{}' does not run: {}", limits_.fuzzer, run.output);
    return false;
  }
  return !run.ended || run.exit_code != 0;
}

std::optional<Program> FuzzSearch::take_finding() {
  std::optional<Program> program;
  for (const fs::directory_entry& entry : fs::directory_iterator(scratch_ / "findings")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const Replay* const replay = look_.started();
    if (replay != nullptr) {
      program =
          program_of_input(Model(replay->contract()), Fitter(replay->capabilities()),
                           {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
    fs::remove(entry.path());
  }
  return program;
}

bool FuzzSearch::look_at_finding() {
  sighting_.shown = true;
  const std::optional<Program> program = take_finding();
  if (!program) return false;
  const ProgramRun run = look_.at(*program);
  if (!bug_.shown_by(run.symptoms)) return !run.symptoms.empty();
  sighting_.found = true;
  sighting_.operations = CloserLook(bug_.target, bug_.hazards).shrunk_size(*program, run);
  return true;
}

Sighting FuzzSearch::run() {
  fs::create_directory(scratch_ / "corpus");
  fs::create_directory(scratch_ / "findings");
  for (std::uint64_t start = 0; !sighting_.found; ++start) {
    const double left = limits_.seconds - seconds();
    if (left <= 0 || sighting_.programs >= limits_.programs) break;
    if (!run_engine(left, start)) break;
    // What a program left in its context may end another; each has its own from then on.
    if (!look_at_finding()) contexts_ = "fresh";
    if (!look_.could_not_run().empty()) break;
  }
  if (sighting_.could_not_run.empty()) sighting_.could_not_run = look_.could_not_run();
  sighting_.seconds = seconds();
  return sighting_;
}

}  // namespace

Sighting seek_with_fuzzer(const Bug& bug, std::uint64_t seed, const SeekLimits& limits) {
  if (!fs::exists(limits.fuzzer)) {
    Sighting none;
    none.could_not_run = fmt::format(
        "fuzz: found no program '{}'; build fuzz_adapter of the preset fuzz-fast, and name it with "
        "--fuzzer",
        limits.fuzzer);
    return none;
  }
  return FuzzSearch(bug, seed, limits).run();
}

}  // namespace lastref
