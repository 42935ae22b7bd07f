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

}  // namespace

ScoreResult run_scores(const Engine& engine, const ScorePlan& plan) {
  Sheet sheet(plan.sheet);
  ScoreResult result;
  ProgressLine progress(plan.quiet);
  const std::uint64_t all = plan.bugs.size() * plan.engines.size() * plan.seeds;
  for (const Bug& bug : plan.bugs) {
    for (const std::string& seeker : plan.engines) {
      for (std::uint64_t seed = 1; seed <= plan.seeds; ++seed) {
        ScoreRow row{bug.name, seeker, seed};
        const auto made = std::find_if(sheet.rows().begin(), sheet.rows().end(),
                                       [&](const ScoreRow& of) { return of.same_search(row); });
        if (made != sheet.rows().end()) {
          result.rows.push_back(*made);
          continue;
        }
        progress.show(fmt::format("{} of {} searches, {}: {}, seed {}", result.rows.size(), all,
                                  bug.name, seeker, seed));
        const Sighting sighting = engine.seek(seeker, bug, seed, plan.limits);
        if (sighting.interrupted || interrupted()) {
          result.interrupted = true;
          return result;
        }
        if (!sighting.could_not_run.empty()) {
          throw Failure(ExitCode::kCouldNotRun, bug.name + ": " + sighting.could_not_run);
        }
        row.found = sighting.found;
        row.programs = sighting.programs;
        row.seconds = sighting.seconds;
        row.shown = sighting.shown;
        sheet.add(score_line(row));
        result.rows.push_back(row);
      }
    }
  }
  return result;
}

}  // namespace lastref
