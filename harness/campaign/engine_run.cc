#include "harness/campaign/engine_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lastref {
namespace {

// Longer than the longest encoded program, so that inputs may hold what is not used.
constexpr int kMaxInputBytes = 512;
// Seconds for one input, of which each takes microseconds: a hang. libFuzzer looks once a second.
constexpr int kInputSeconds = 10;
// An engine that ends so often in a row with nothing to show for it will not do better.
constexpr int kMaxFailedStarts = 3;
// Seeds are apart by a number larger than any campaign starts engines.
constexpr std::uint64_t kSeedStride = 1'000'000;
constexpr std::uint64_t kSeeds = std::uint64_t{1}
                                 << 32;  // libFuzzer's -seed has 32 bits; 0 is none

// What an engine said last.
std::string last_line(const std::string& log) {
  const std::size_t end = log.find_last_not_of('\n');
  if (end == std::string::npos) return "it said nothing";
  const std::size_t begin = log.rfind('\n', end);
  return log.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

}  // namespace

EngineRun::EngineRun(const Fuzzer& fuzzer, const FuzzerHome& home, FuzzerTally& tally,
                     std::size_t job, std::uint64_t seed, std::uint64_t seconds)
    : fuzzer_(fuzzer),
      home_(home),
      tally_(tally),
      job_(job),
      seed_(seed),
      end_(Clock::now() + std::chrono::seconds(seconds)) {
  start();
}

std::uint64_t EngineRun::seconds_left() const {
  const auto left = std::chrono::round<std::chrono::seconds>(end_ - Clock::now()).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, left));
}

// Of an input libFuzzer keeps books on how rare its features are, and on who is the shortest to
// have each: that takes more time than it saves, see docs/fuzzing.md.
void EngineRun::start() {
  started_ = Clock::now();
  const std::uint64_t seed = (seed_ * kSeedStride + ++tally_.starts) % kSeeds;
  std::vector<std::string> words;
  if (tally_.fresh_contexts) words = {"/usr/bin/env", "LASTREF_FUZZ_CONTEXTS=fresh"};
  words.insert(
      words.end(),
      {fuzzer_.program.string(), fmt::format("-max_total_time={}", seconds_left()),
       fmt::format("-seed={}", std::max<std::uint64_t>(1, seed)),
       fmt::format("-max_len={}", kMaxInputBytes), fmt::format("-timeout={}", kInputSeconds),
       "-entropic=0", "-reduce_inputs=0",
       fmt::format("-artifact_prefix={}/", home_.artifacts().string()), home_.corpus().string()});
  process_ = ChildProcess(words, home_.log(job_));
}

EngineStatus EngineRun::status() const { return engine_status(log_tail(home_.log(job_))); }

void EngineRun::account() {
  const EngineStatus reached = status();
  tally_.inputs += reached.inputs;
  tally_.features = std::max(tally_.features, reached.features);
  tally_.seconds += static_cast<std::uint64_t>(
      std::chrono::round<std::chrono::seconds>(Clock::now() - started_).count());
}

bool EngineRun::work() {
  if (process_.running()) return true;
  account();
  if (seconds_left() == 0) return false;
  // By its own word: what it wrote may have been taken away to be looked at.
  const std::string input = written_input(log_tail(home_.log(job_)));
  const bool showed = !input.empty() && shown_.insert(input).second;
  failed_starts_ = showed ? 0 : failed_starts_ + 1;
  if (failed_starts_ == kMaxFailedStarts) {
    tally_.trouble =
        fmt::format("it ended {} times before its time, the last with {}: {}", kMaxFailedStarts,
                    process_.exit_code(), last_line(log_tail(home_.log(job_))));
    return false;
  }
  start();
  return true;
}

void EngineRun::stop() {
  if (!process_.running()) return;
  process_.stop();
  account();
}

}  // namespace lastref
