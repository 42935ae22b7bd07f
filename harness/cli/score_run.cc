#include "harness/cli/score_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <variant>

#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/progress_line.h"

namespace lastref {
namespace {

// A row takes some fifty bytes; a million of them are more searches than anybody makes.
constexpr std::size_t kMaxSheet = 64'000'000;

class Sheet {
 public:
  // Reads what is there. An unfinished last line is taken away, so that rows can be added.
  explicit Sheet(const std::string& path) : path_(path) {
    if (path.empty()) return;
    if (std::filesystem::exists(path)) read();
    file_.reset(std::fopen(path.c_str(), "ae"));
    if (file_ == nullptr) {
      throw usage_failure(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
    }
    if (std::filesystem::file_size(path) == 0) add(score_header());
  }

  const std::vector<ScoreRow>& rows() const { return rows_; }

  void add(const std::string& line) {
    if (file_ == nullptr) return;
    if (std::fputs(line.c_str(), file_.get()) < 0 || std::fflush(file_.get()) != 0) {
      throw Failure(ExitCode::kCouldNotRun,
                    fmt::format("{}: not all could be written: {}", path_, std::strerror(errno)));
    }
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void read() {
    const std::string text = read_file(path_, kMaxSheet);
    const auto parsed = parse_sheet(text);
    if (const auto* error = std::get_if<ScoreError>(&parsed)) {
      throw usage_failure(error->text(path_) + "; name another file, or mend this one");
    }
    rows_ = std::get<std::vector<ScoreRow>>(parsed);
    const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    if (whole != text.size()) std::filesystem::resize_file(path_, whole);
  }

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<ScoreRow> rows_;
};

// The searches of a plan.
class Scores {
 public:
  Scores(const Engine& engine, const ScorePlan& plan)
      : engine_(engine), plan_(plan), sheet_(plan.sheet), progress_(plan.quiet) {}

  ScoreResult run() {
    for (const std::string& name : plan_.engines) {
      for (const SeekerEntry& entry : engine_.list_seekers()) {
        if (entry.name == name) seekers_.push_back(entry);
      }
    }
    if (search_bugs() && !plan_.unpatched.empty()) search_unpatched();
    return std::move(result_);
  }

 private:
  bool search_bugs() {
    const std::uint64_t all = plan_.bugs.size() * plan_.engines.size() * plan_.seeds;
    for (const Bug& bug : plan_.bugs) {
      for (const SeekerEntry& seeker : seekers_) {
        if (!seeker.means.suffice(bug.needs)) {
          ScoreRow row{bug.name, seeker.name};
          row.left_out = true;
          result_.rows.push_back(row);
          continue;
        }
        bool found = true;
        for (std::uint64_t seed = 1; seed <= seeds_of(seeker); ++seed) {
          ScoreRow row{bug.name, seeker.name, seed};
          progress_.show(fmt::format("{} of {} searches, {}: {}, seed {}", result_.rows.size(), all,
                                     bug.name, seeker.name, seed));
          const Made made = search(bug, plan_.limits, row);
          if (made == Made::kInterrupted) return false;
          if (made == Made::kYes) result_.rows.push_back(row);
          found = found && row.found;
        }
        if (plan_.until_found && found) break;
      }
    }
    return true;
  }

  std::uint64_t seeds_of(const SeekerEntry& seeker) const { return seeker.fixed ? 1 : plan_.seeds; }

  void search_unpatched() {
    Bug nothing;
    nothing.name = kUnpatched;
    nothing.target = plan_.unpatched;
    for (const SeekerEntry& seeker : seekers_) {
      for (std::uint64_t seed = 1; seed <= seeds_of(seeker); ++seed) {
        ScoreRow row{kUnpatched, seeker.name, seed};
        progress_.show(fmt::format("the code as it is: {}, seed {}", seeker.name, seed));
        const Made made = search(nothing, used(seeker.name, seed), row);
        if (made == Made::kInterrupted) return;
        if (made == Made::kYes) result_.unpatched.push_back(row);
      }
    }
  }

  // By all searches of that engine and seed.
  SeekLimits used(const std::string& seeker, std::uint64_t seed) const {
    SeekLimits limits = plan_.limits;
    limits.programs = 0;
    limits.seconds = 0;
    for (const ScoreRow& row : result_.rows) {
      if (row.engine != seeker || row.seed != seed) continue;
      limits.programs += row.programs;
      limits.seconds += row.seconds;
    }
    limits.programs = std::max<std::uint64_t>(limits.programs, 1);
    limits.seconds = std::max(limits.seconds, 1.0);
    return limits;
  }

  // A bug that may show in any way shows when the target does not pass the examination that comes
  // before all programs. The code as it is has to pass it; what other tools could not run for says
  // nothing of it.
  bool refused(const std::string& engine, const Bug& bug, const Sighting& sighting) const {
    const bool own = std::any_of(seekers_.begin(), seekers_.end(), [&](const SeekerEntry& entry) {
      return entry.name == engine && !entry.extra;
    });
    return own && !sighting.could_not_run.empty() && bug.signs.empty() && bug.name != kUnpatched &&
           std::filesystem::exists(bug.target);
  }

  enum class Made { kNo, kYes, kInterrupted };

  // Fills the row, from the sheet or by a search; not at all where only the sheet is asked.
  Made search(const Bug& bug, const SeekLimits& limits, ScoreRow& row) {
    const auto made = std::find_if(sheet_.rows().begin(), sheet_.rows().end(),
                                   [&](const ScoreRow& of) { return of.same_search(row); });
    if (made != sheet_.rows().end()) {
      row = *made;
      return Made::kYes;
    }
    if (plan_.sheet_only) return Made::kNo;
    Sighting sighting = engine_.seek(row.engine, bug, row.seed, limits);
    if (sighting.interrupted || interrupted()) {
      result_.interrupted = true;
      return Made::kInterrupted;
    }
    if (refused(row.engine, bug, sighting)) {
      sighting.found = sighting.shown = true;
    } else if (!sighting.could_not_run.empty()) {
      throw Failure(ExitCode::kCouldNotRun, bug.name + ": " + sighting.could_not_run);
    }
    row.found = sighting.found;
    row.programs = sighting.programs;
    row.seconds = sighting.seconds;
    row.shown = sighting.shown;
    row.reached = sighting.reached;
    row.operations = sighting.operations;
    sheet_.add(score_line(row));
    return Made::kYes;
  }

  const Engine& engine_;
  const ScorePlan& plan_;
  std::vector<SeekerEntry> seekers_;  // the plan's
  Sheet sheet_;
  ProgressLine progress_;
  ScoreResult result_;
};

}  // namespace

ScoreResult run_scores(const Engine& engine, const ScorePlan& plan) {
  return Scores(engine, plan).run();
}

}  // namespace lastref
