#include "harness/score/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "harness/score/median.h"

namespace lastref {
namespace {

// What one engine's searches for one bug came to.
struct Cell {
  bool left_out = false;
  std::size_t searches = 0;
  std::size_t found = 0;
  std::size_t shown = 0;  // as something, if not as what it is
  Median programs = {};
  Median seconds = {};
};

std::vector<std::string> names(const std::vector<ScoreRow>& rows, std::string ScoreRow::*of) {
  std::vector<std::string> names;
  for (const ScoreRow& row : rows) {
    if (std::find(names.begin(), names.end(), row.*of) == names.end()) names.push_back(row.*of);
  }
  return names;
}

std::optional<Cell> cell(const std::vector<ScoreRow>& rows, const std::string& bug,
                         const std::string& engine) {
  Cell cell;
  std::vector<double> programs;
  std::vector<double> seconds;
  for (const ScoreRow& row : rows) {
    if (row.bug != bug || row.engine != engine) continue;
    if (row.left_out) return Cell{.left_out = true};
    cell.found += row.found ? 1U : 0U;
    cell.shown += row.shown ? 1U : 0U;
    programs.push_back(row.found ? static_cast<double>(row.programs) : kCensored);
    seconds.push_back(row.found ? row.seconds : kCensored);
  }
  if (programs.empty()) return std::nullopt;
  cell.searches = programs.size();
  cell.programs = median(programs);
  cell.seconds = median(seconds);
  return cell;
}

std::string number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "-";
}

std::string with_interval(const Median& of, int digits) {
  return fmt::format("{} [{}, {}]", number(of.value, digits), number(of.low, digits),
                     number(of.high, digits));
}

// Its three columns; empty for a bug that the engine was not asked for.
std::string in_table(const std::optional<Cell>& of) {
  if (!of) return "  |  |  |";
  if (of->left_out) return " left out |  |  |";
  return fmt::format(" {} of {} | {} | {} |", of->found, of->searches,
                     with_interval(of->programs, 0), with_interval(of->seconds, 3));
}

// A table of more columns cannot be read.
constexpr std::size_t kEnginesOfATable = 3;

std::string table(const std::vector<ScoreRow>& rows, std::span<const std::string> engines) {
  std::string text = "| bug |";
  std::string rule = "\n|---|";
  for (const std::string& engine : engines) {
    text += fmt::format(" {0}: found | programs | seconds |", engine);
    rule += "---:|---:|---:|";
  }
  text += rule + "\n";
  for (const std::string& bug : names(rows, &ScoreRow::bug)) {
    text += fmt::format("| {} |", bug);
    for (const std::string& engine : engines) {
      text += in_table(cell(rows, bug, engine));
    }
    text += "\n";
  }
  return text + "\n";
}

std::string tables(const std::vector<ScoreRow>& rows) {
  const std::vector<std::string> engines = names(rows, &ScoreRow::engine);
  std::string text;
  for (std::span<const std::string> left(engines); !left.empty();) {
    const std::size_t some = std::min(left.size(), kEnginesOfATable);
    text += table(rows, left.first(some));
    left = left.subspan(some);
  }
  return text;
}

// How far an engine's searches came.
struct Stages {
  std::size_t searches = 0;
  std::size_t asked = 0;  // of which it is known whether they reached the place
  std::size_t reached = 0;
  std::size_t shown = 0;
  std::size_t found = 0;
  std::vector<double> operations;
};

Stages stages(const std::vector<ScoreRow>& rows, const std::string& engine) {
  Stages of;
  for (const ScoreRow& row : rows) {
    if (row.engine != engine || row.left_out) continue;
    ++of.searches;
    of.asked += row.reached.has_value() ? 1U : 0U;
    of.reached += row.reached.value_or(false) ? 1U : 0U;
    of.shown += row.shown || row.found ? 1U : 0U;
    of.found += row.found ? 1U : 0U;
    if (row.operations > 0) of.operations.push_back(row.operations);
  }
  return of;
}

// What an engine came to over all bugs that it was asked for, those included that it was left out
// for.
struct Share {
  std::size_t bugs = 0;
  std::size_t left_out = 0;
  std::size_t always = 0;  // found by every search
  std::size_t ever = 0;
  double found = 0;  // the sum over bugs of the share of searches that found it

  double percent() const { return bugs == 0 ? 0 : 100 * found / static_cast<double>(bugs); }
};

Share share(const std::vector<ScoreRow>& rows, const std::string& engine) {
  Share share;
  for (const std::string& bug : names(rows, &ScoreRow::bug)) {
    const std::optional<Cell> of = cell(rows, bug, engine);
    if (!of) continue;
    ++share.bugs;
    share.left_out += of->left_out ? 1U : 0U;
    if (of->found == 0) continue;
    ++share.ever;
    share.always += of->found == of->searches ? 1U : 0U;
    share.found += static_cast<double>(of->found) / static_cast<double>(of->searches);
  }
  return share;
}

std::string stage_table(const std::vector<ScoreRow>& rows) {
  std::string text =
      "| engine | searches | left out | reached | triggered | detected | share | bugs by every "
      "search | by any | operations |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const std::string& engine : names(rows, &ScoreRow::engine)) {
    const Stages of = stages(rows, engine);
    const Share bugs = share(rows, engine);
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {:.1f} % | {} of {} | {} of {} | {} |\n",
                        engine, of.searches, bugs.left_out,
                        of.asked == of.searches ? std::to_string(of.reached) : "-", of.shown,
                        of.found, bugs.percent(), bugs.always, bugs.bugs, bugs.ever, bugs.bugs,
                        of.operations.empty() ? "-" : number(median(of.operations).value, 0));
  }
  return text + "\n";
}

// What `engine` detects beside `first`, and what its medians are to those of the other, by the
// median over bugs.
std::string ratio(const std::vector<ScoreRow>& rows, const std::string& engine,
                  const std::string& first) {
  std::vector<double> programs;
  std::vector<double> seconds;
  for (const std::string& bug : names(rows, &ScoreRow::bug)) {
    const std::optional<Cell> a = cell(rows, bug, first);
    const std::optional<Cell> b = cell(rows, bug, engine);
    if (!a || !b || !std::isfinite(a->programs.value) || !std::isfinite(b->programs.value))
      continue;
    programs.push_back(b->programs.value / a->programs.value);
    seconds.push_back(b->seconds.value / a->seconds.value);
  }
  const std::string shares =
      fmt::format("- {} detects {:.1f} %, {} {:.1f} %; ", engine, share(rows, engine).percent(),
                  first, share(rows, first).percent());
  if (programs.empty()) return shares + "no bug that both find\n";
  return shares + fmt::format(
                      "over the {} bugs of which both have a median {} times the programs, {} "
                      "times the seconds\n",
                      programs.size(), with_interval(median(programs), 2),
                      with_interval(median(seconds), 2));
}

std::string ratios(const std::vector<ScoreRow>& rows) {
  const std::vector<std::string> engines = names(rows, &ScoreRow::engine);
  std::string text;
  for (std::size_t i = 1; i < engines.size(); ++i) text += ratio(rows, engines[i], engines[0]);
  return text;
}

// What a bug's searches came to at best.
const char* furthest(const std::vector<ScoreRow>& rows, const std::string& bug) {
  bool asked = false;
  bool reached = false;
  for (const ScoreRow& row : rows) {
    if (row.bug != bug) continue;
    if (row.shown) return "triggered";
    asked = asked || row.reached.has_value();
    reached = reached || row.reached.value_or(false);
  }
  return reached ? "reached" : asked ? "not reached" : "not known";
}

std::string in_a_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, 1, '\\');
  }
  return text;
}

}  // namespace

std::string score_page(const std::vector<ScoreRow>& rows) {
  return tables(rows) + stage_table(rows) + ratios(rows);
}

std::string survivor_page(const std::vector<ScoreRow>& rows, const std::vector<Bug>& bugs,
                          const std::map<std::string, std::string>& equivalents) {
  std::string text;
  for (const Bug& bug : bugs) {
    const auto found = [&](const ScoreRow& row) { return row.bug == bug.name && row.found; };
    if (std::any_of(rows.begin(), rows.end(), found)) continue;
    const auto equal = equivalents.find(bug.name);
    text += fmt::format("| {} | {} | {} | {} | {} |\n", bug.name, in_a_cell(bug.place),
                        in_a_cell(bug.about), furthest(rows, bug.name),
                        equal == equivalents.end() ? "" : in_a_cell(equal->second));
  }
  if (text.empty()) return text;
  return "\n| no engine found | where | what | came to | equivalent, for "
         "|\n|---|---|---|---|---|\n" +
         text;
}

}  // namespace lastref
