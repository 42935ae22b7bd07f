#include "harness/campaign/campaign.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "harness/campaign/directory_lock.h"
#include "harness/campaign/engine_run.h"
#include "harness/campaign/fuzzer_home.h"
#include "harness/campaign/record.h"
#include "harness/campaign/schedule.h"
#include "harness/campaign/summary.h"
#include "harness/execute/child_process.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{200};
// A kill loses no more of the record than this.
constexpr std::chrono::seconds kSaveEvery{10};
// Seeds are made of a few hundred traces.
constexpr std::chrono::minutes kSeedPatience{2};

// What one job has still to do, and does.
struct Job {
  std::deque<Shift> shifts;
  std::optional<EngineRun> run;
};

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options)
      : options_(options),
        lock_(options.directory),
        record_(CampaignRecord::load(options.directory)),
        triage_(options.directory, options.tools) {
    if (record_.runs++ == 0) record_.seed = options.seed;
    for (const Fuzzer& fuzzer : options.fuzzers) {
      homes_.emplace_back(options.directory / fuzzer.name);
      homes_.back().open();
      record_.fuzzers[fuzzer.name].trouble.clear();
    }
  }

  CampaignResult run() {
    if (make_seeds() && look() && fuzz() && look()) minimise();
    return finish();
  }

 private:
  FuzzerTally& tally(std::size_t i) { return record_.fuzzers[options_.fuzzers[i].name]; }

  std::size_t waiting() const {
    std::size_t count = 0;
    for (const FuzzerHome& home : homes_) count += home.waiting().size();
    return count;
  }

  // Whether to go on.
  bool go_on(const std::string& stage) {
    CampaignProgress progress;
    progress.stage = stage;
    progress.seconds = seconds_;
    progress.findings = groups_;
    progress.waiting = waiting();
    for (const auto& [name, tally] : record_.fuzzers) progress.inputs += tally.inputs;
    for (Job& job : jobs_) {
      if (!job.run) continue;
      progress.engines.push_back({job.run->fuzzer().name, job.run->status()});
      progress.inputs += progress.engines.back().status.inputs;
    }
    stopped_ = stopped_ || (options_.progress && !options_.progress(progress));
    return !stopped_;
  }

  bool make_seeds() {
    for (std::size_t i = 0; i < homes_.size(); ++i) {
      if (options_.seeds.empty() || !files_in(homes_[i].corpus()).empty()) continue;
      if (!go_on("seeds")) return false;
      ChildProcess replay({options_.fuzzers[i].replay.string(), "--seeds",
                           homes_[i].corpus().string(), options_.seeds.string()},
                          homes_[i].log(0));
      // An engine begins with nothing as well, but whoever gave seeds wants to know.
      if (!replay.wait_for(kSeedPatience) || replay.exit_code() != 0) {
        tally(i).trouble = "no seeds could be made: " + log_tail(homes_[i].log(0));
      }
    }
    return true;
  }

  // The first input that waits for it; false for none.
  bool look_at_one() {
    for (std::size_t i = 0; i < homes_.size(); ++i) {
      const std::vector<fs::path> inputs = homes_[i].waiting();
      if (inputs.empty()) continue;
      if (!triage_.file(options_.fuzzers[i], inputs.front())) tally(i).fresh_contexts = true;
      groups_ = groups_in(options_.directory / "findings").size();
      return true;
    }
    return false;
  }

  bool look() {
    do {
      if (!go_on("look")) return false;
    } while (look_at_one());
    return true;
  }

  // Lets every job do what it does next; false when none has anything.
  bool work() {
    bool busy = false;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      Job& job = jobs_[i];
      if (job.run && !job.run->work()) job.run.reset();
      if (!job.run && !job.shifts.empty()) {
        const Shift shift = job.shifts.front();
        job.shifts.pop_front();
        job.run.emplace(options_.fuzzers[shift.fuzzer], homes_[shift.fuzzer], tally(shift.fuzzer),
                        i, record_.seed, shift.seconds);
      }
      busy = busy || job.run.has_value();
    }
    return busy;
  }

  bool fuzz() {
    for (const std::vector<Shift>& shifts :
         schedule(options_.seconds, options_.jobs, options_.fuzzers.size())) {
      jobs_.push_back({{shifts.begin(), shifts.end()}, std::nullopt});
    }
    const Clock::time_point begun = Clock::now();
    Clock::time_point saved = begun;
    while (work() && go_on("fuzz")) {
      if (!look_at_one()) std::this_thread::sleep_for(kTick);
      seconds_ = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begun).count());
      if (Clock::now() - saved > kSaveEvery) {
        record_.save(options_.directory);
        saved = Clock::now();
      }
    }
    for (Job& job : jobs_) {
      if (job.run) job.run->stop();
    }
    jobs_.clear();
    record_.seconds += seconds_;
    record_.save(options_.directory);
    return !stopped_;
  }

  void minimise() {
    std::deque<std::size_t> left;
    for (std::size_t i = 0; i < homes_.size(); ++i) {
      if (tally(i).trouble.empty()) left.push_back(i);
    }
    std::vector<std::pair<std::size_t, ChildProcess>> merging;
    while (go_on("minimise") && !(left.empty() && merging.empty())) {
      std::erase_if(merging, [this](auto& of) {
        if (of.second.running()) return false;
        if (of.second.exit_code() == 0) homes_[of.first].take_new_corpus();
        return true;
      });
      if (!left.empty() && merging.size() < options_.jobs) {
        merging.emplace_back(left.front(), start_merge(left.front()));
        left.pop_front();
      }
      std::this_thread::sleep_for(kTick);
    }
  }

  ChildProcess start_merge(std::size_t i) const {
    const FuzzerHome& home = homes_[i];
    fs::create_directories(home.new_corpus());
    return ChildProcess({options_.fuzzers[i].program.string(), "-merge=1",
                         "-artifact_prefix=" + home.artifacts().string() + "/",
                         home.new_corpus().string(), home.corpus().string()},
                        home.log(0));
  }

  CampaignResult finish() {
    record_.save(options_.directory);
    CampaignResult result;
    result.stopped = stopped_;
    result.groups = groups_in(options_.directory / "findings");
    std::map<std::string, KeptInputs> kept;
    for (const auto& [name, tally] : record_.fuzzers) {
      const FuzzerHome home(options_.directory / name);
      kept[name] = {files_in(home.corpus()).size(), home.waiting().size()};
      result.waiting += kept[name].waiting;
      if (!tally.trouble.empty()) result.troubles.push_back(name + ": " + tally.trouble);
    }
    result.summary = campaign_page(record_, kept, result.groups);
    replace_file(options_.directory / "summary.md", result.summary);
    return result;
  }

  const CampaignOptions& options_;
  DirectoryLock lock_;
  CampaignRecord record_;
  Triage triage_;
  std::vector<FuzzerHome> homes_;  // of options_.fuzzers
  std::vector<Job> jobs_;
  std::uint64_t seconds_ = 0;
  std::size_t groups_ = 0;
  bool stopped_ = false;
};

}  // namespace

CampaignResult run_campaign(const CampaignOptions& options) { return Campaign(options).run(); }

}  // namespace lastref
