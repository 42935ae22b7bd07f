#include "harness/report/summary_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace lastref {
namespace {

constexpr std::size_t kColumns = 7;
using Cells = std::array<std::string, kColumns>;

// The first columns hold words and stand to the left, the others numbers.
constexpr std::size_t kWordColumns = 2;

Cells cells(const CheckReport& report) {
  if (!report.could_not_run.empty()) {
    return {report.target, "could not be run", "-", "-", "-", "-", "-"};
  }
  const int known = known_findings(report);
  return {report.target,
          report.version + (report.stopped ? ", stopped early" : ""),
          std::to_string(report.programs),
          std::to_string(report.operations),
          std::to_string(static_cast<int>(report.findings.size()) - known),
          std::to_string(known),
          std::to_string(report.unreproduced.size())};
}

}  // namespace

int known_findings(const CheckReport& report) {
  return static_cast<int>(std::count_if(report.findings.begin(), report.findings.end(),
                                        [](const Finding& f) { return !f.known.empty(); }));
}

std::string summary_table(std::span<const CheckReport> reports) {
  std::vector<Cells> rows = {
      {"target", "version", "programs", "operations", "findings", "known", "not seen again"}};
  for (const CheckReport& report : reports) rows.push_back(cells(report));
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& row : rows) {
    for (std::size_t c = 0; c < kColumns; ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    for (std::size_t c = 0; c < kColumns; ++c) {
      if (c > 0) text += "  ";
      text += c < kWordColumns ? fmt::format("{:<{}}", row[c], widths[c])
                               : fmt::format("{:>{}}", row[c], widths[c]);
    }
    text += '\n';
  }
  return text;
}

}  // namespace lastref
