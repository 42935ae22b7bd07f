#include "harness/score/sheet.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace lastref {
namespace {

constexpr std::string_view kColumns =
    "bug,engine,seed,found,programs,seconds,shown,reached,operations";
constexpr std::size_t kFields = 9;

// The fields of a line; false when there are not kFields of them.
bool split(std::string_view line, std::array<std::string_view, kFields>& fields) {
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::size_t comma = line.find(',');
    const bool last = i + 1 == kFields;
    if ((comma == std::string_view::npos) != last) return false;
    fields[i] = line.substr(0, comma);
    if (!last) line.remove_prefix(comma + 1);
  }
  return true;
}

template <typename Number>
bool number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

// The index of the first field that is wrong, or kFields.
std::size_t read_fields(const std::array<std::string_view, kFields>& fields, ScoreRow& row) {
  if (fields[0].empty()) return 0;
  if (fields[1].empty()) return 1;
  row.bug = fields[0];
  row.engine = fields[1];
  if (!number(fields[2], row.seed)) return 2;
  if (fields[3] != "0" && fields[3] != "1") return 3;
  row.found = fields[3] == "1";
  if (!number(fields[4], row.programs)) return 4;
  if (!number(fields[5], row.seconds) || !(row.seconds >= 0)) return 5;
  if (fields[6] != "0" && fields[6] != "1") return 6;
  row.shown = fields[6] == "1";
  if (fields[7] != "0" && fields[7] != "1" && fields[7] != "-") return 7;
  if (fields[7] != "-") row.reached = fields[7] == "1";
  if (!number(fields[8], row.operations)) return 8;
  return kFields;
}

constexpr std::array<std::string_view, kFields> kExpected = {"the name of a bug",
                                                             "the name of an engine",
                                                             "a seed",
                                                             "0 or 1",
                                                             "a number of programs",
                                                             "seconds",
                                                             "0 or 1",
                                                             "0, 1 or -",
                                                             "a number of operations"};

}  // namespace

std::string score_header() { return std::string(kColumns) + "\n"; }

std::string score_line(const ScoreRow& row) {
  const char* const reached = !row.reached ? "-" : *row.reached ? "1" : "0";
  return fmt::format("{},{},{},{},{},{:.6f},{},{},{}\n", row.bug, row.engine, row.seed,
                     row.found ? 1 : 0, row.programs, row.seconds, row.shown ? 1 : 0, reached,
                     row.operations);
}

std::string ScoreError::text(std::string_view file) const {
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

std::variant<std::vector<ScoreRow>, ScoreError> parse_sheet(std::string_view text) {
  std::vector<ScoreRow> rows;
  int number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    ++number;
    if (number == 1) {
      if (line == kColumns) continue;
      return ScoreError{1, 1, fmt::format("found '{}', expected '{}'", line, kColumns)};
    }
    std::array<std::string_view, kFields> fields;
    if (!split(line, fields)) {
      return ScoreError{number, 1,
                        fmt::format("found '{}', expected {} fields: {}", line, kFields, kColumns)};
    }
    ScoreRow row;
    if (const std::size_t wrong = read_fields(fields, row); wrong < kFields) {
      const int column = static_cast<int>(fields[wrong].data() - line.data()) + 1;
      return ScoreError{number, column,
                        fmt::format("found '{}', expected {}", fields[wrong], kExpected[wrong])};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace lastref
