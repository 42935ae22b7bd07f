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
    if (search_bugs() && !plan_.unpatched.empty()) search_unpatched();
    return std::move(result_);
  }

 private:
  bool search_bugs() {
    const std::uint64_t all = plan_.bugs.size() * plan_.engines.size() * plan_.seeds;
    for (const Bug& bug : plan_.bugs) {
      for (const std::string& seeker : plan_.engines) {
        for (std::uint64_t seed = 1; seed <= plan_.seeds; ++seed) {
          ScoreRow row{bug.name, seeker, seed};
          progress_.show(fmt::format("{} of {} searches, {}: {}, seed {}", result_.rows.size(), all,
                                     bug.name, seeker, seed));
          if (!search(bug, plan_.limits, row)) return false;
          result_.rows.push_back(row);
        }
        if (plan_.until_found && found_by_last()) break;
      }
    }
    return true;
  }

  // Whether the last engine has found its bug with every seed.
  bool found_by_last() const {
    return std::all_of(result_.rows.end() - static_cast<std::ptrdiff_t>(plan_.seeds),
                       result_.rows.end(), [](const ScoreRow& row) { return row.found; });
  }

  void search_unpatched() {
    Bug nothing;
    nothing.name = kUnpatched;
    nothing.target = plan_.unpatched;
    for (const std::string& seeker : plan_.engines) {
      for (std::uint64_t seed = 1; seed <= plan_.seeds; ++seed) {
        ScoreRow row{kUnpatched, seeker, seed};
        progress_.show(fmt::format("the code as it is: {}, seed {}", seeker, seed));
        if (!search(nothing, used(seeker, seed), row)) return;
        result_.unpatched.push_back(row);
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
    const std::vector<SeekerEntry> entries = engine_.list_seekers();
    const bool own = std::any_of(entries.begin(), entries.end(), [&](const SeekerEntry& entry) {
      return entry.name == engine && !entry.extra;
    });
    return own && !sighting.could_not_run.empty() && bug.verdict == Verdict::kNone &&
           bug.name != kUnpatched && std::filesystem::exists(bug.target);
  }

  // Fills the row, from the sheet or by a search. False when that was interrupted.
  bool search(const Bug& bug, const SeekLimits& limits, ScoreRow& row) {
    const auto made = std::find_if(sheet_.rows().begin(), sheet_.rows().end(),
                                   [&](const ScoreRow& of) { return of.same_search(row); });
    if (made != sheet_.rows().end()) {
      row = *made;
      return true;
    }
    Sighting sighting = engine_.seek(row.engine, bug, row.seed, limits);
    if (sighting.interrupted || interrupted()) {
      result_.interrupted = true;
      return false;
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
    return true;
  }

  const Engine& engine_;
  const ScorePlan& plan_;
  Sheet sheet_;
  ProgressLine progress_;
  ScoreResult result_;
};

}  // namespace

ScoreResult run_scores(const Engine& engine, const ScorePlan& plan) {
  return Scores(engine, plan).run();
}

}  // namespace lastref
