#include "harness/score/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>

#include "harness/score/median.h"

namespace lastref {
namespace {

// What one engine's searches for one bug came to.
struct Cell {
  std::size_t searches = 0;
  std::size_t found = 0;
  std::size_t shown = 0;  // as something, if not as what it is
  Median programs;
  Median seconds;
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

std::string table(const std::vector<ScoreRow>& rows) {
  const std::vector<std::string> engines = names(rows, &ScoreRow::engine);
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
      const std::optional<Cell> of = cell(rows, bug, engine);
      text += of ? fmt::format(" {} of {} | {} | {} |", of->found, of->searches,
                               with_interval(of->programs, 0), with_interval(of->seconds, 3))
                 : "  |  |  |";
    }
    text += "\n";
  }
  return text;
}

// What the medians of `engine` are to those of `first`, by the median over bugs.
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
  if (programs.empty()) return fmt::format("- {} and {}: no bug that both find\n", engine, first);
  return fmt::format(
      "- {} against {}, over the {} bugs of which both have a median: {} times the programs, {} "
      "times the seconds\n",
      engine, first, programs.size(), with_interval(median(programs), 2),
      with_interval(median(seconds), 2));
}

std::string summary(const std::vector<ScoreRow>& rows) {
  std::string text;
  const std::vector<std::string> bugs = names(rows, &ScoreRow::bug);
  const std::vector<std::string> engines = names(rows, &ScoreRow::engine);
  for (const std::string& engine : engines) {
    std::size_t always = 0;
    std::size_t ever = 0;
    std::size_t shown = 0;
    for (const std::string& bug : bugs) {
      const std::optional<Cell> of = cell(rows, bug, engine);
      if (!of) continue;
      always += of->found == of->searches ? 1U : 0U;
      ever += of->found > 0 ? 1U : 0U;
      shown += of->found == 0 && of->shown > 0 ? 1U : 0U;
    }
    text += fmt::format(
        "- {}: {} of {} bugs by every search, {} by any, {} more showed as something else\n",
        engine, always, bugs.size(), ever, shown);
  }
  for (std::size_t i = 1; i < engines.size(); ++i) text += ratio(rows, engines[i], engines[0]);
  return text;
}

}  // namespace

std::string score_page(const std::vector<ScoreRow>& rows) {
  return table(rows) + "\n" + summary(rows);
}

}  // namespace lastref
