// The score sheet: one row for each search, as comma-separated values. A scoreboard that was
// stopped reads its sheet and makes only the searches that are not on it.
#ifndef LASTREF_HARNESS_SCORE_SHEET_H_
#define LASTREF_HARNESS_SCORE_SHEET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lastref {

struct ScoreRow {
  std::string bug;
  std::string engine;
  std::uint64_t seed = 0;
  bool found = false;
  std::uint64_t programs = 0;  // until it was found, or in all
  double seconds = 0;          // of processor time
  // Some program failed, if not in the way that the bug is known by.
  bool shown = false;
  // Where an engine can say: the place of the mistake was come to.
  std::optional<bool> reached = std::nullopt;
  int operations = 0;  // of the smallest program that shows it; 0 for none that was shrunk
  // No search was made, for the engine's programs cannot show the bug. Such a row is on no sheet.
  bool left_out = false;

  bool same_search(const ScoreRow& other) const {
    return bug == other.bug && engine == other.engine && seed == other.seed;
  }
};

// The first line of a sheet, with its end.
std::string score_header();
// A row as a line, with its end.
std::string score_line(const ScoreRow& row);

struct ScoreError {
  int line = 1;  // both from 1, columns in bytes
  int column = 1;
  std::string message;  // what was found, what was expected

  std::string text(std::string_view file) const;  // "sheet.csv:3:1: found ..."
};

// A last line without its end is what a stopped run left of a row: it is dropped.
std::variant<std::vector<ScoreRow>, ScoreError> parse_sheet(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_SHEET_H_
