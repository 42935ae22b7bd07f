#include "harness/report/callback_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/program/trace.h"

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word(Reentry verdict) {
  switch (verdict) {
    case Reentry::ALLOWED:
      return "allowed";
    case Reentry::FORBIDDEN:
      return "forbidden";
    case Reentry::BY_SWITCH:
    case Reentry::UNDOCUMENTED:
      return "undocumented";
  }
  return "?";
}

std::string outcome(const CallbackRow& row) {
  if (!row.made.applies) return "does not apply: " + row.made.missing;
  if (row.made.hidden) return "behind a known bug";
  if (!row.run) return "not run: " + (row.made.missing.empty() ? "stopped" : row.made.missing);
  return row.failed.empty() ? "as the model has it" : "departs: " + row.failed;
}

struct Count {
  int of = 0;
  int run = 0;
  int failed = 0;
  int hidden = 0;

  void add(const CallbackRow& row) {
    if (!row.made.applies) return;
    ++of;
    run += row.run ? 1 : 0;
    failed += row.failed.empty() ? 0 : 1;
    hidden += row.made.hidden ? 1 : 0;
  }
};

template <typename Test>
Count count_if(const std::vector<CallbackRow>& rows, Test test) {
  Count count;
  for (const CallbackRow& row : rows) {
    if (test(row.made.verdict)) count.add(row);
  }
  return count;
}

Count count_of(const std::vector<CallbackRow>& rows) {
  return count_if(rows, [](Reentry) { return true; });
}

Count count_of(const std::vector<CallbackRow>& rows, Reentry verdict) {
  return count_if(rows, [verdict](Reentry of) { return of == verdict; });
}

std::string departures(const Count& count) {
  return count.failed == 0 ? "" : fmt::format(", {} of which depart", count.failed);
}

std::string behind(const Count& count) {
  return count.hidden == 0 ? "" : fmt::format(", {} behind known bugs", count.hidden);
}

Json rows_json(const std::vector<CallbackRow>& rows) {
  Json list = Json::array();
  for (const CallbackRow& row : rows) {
    Json json;
    json["name"] = row.made.name;
    json["verdict"] = word(row.made.verdict);
    json["source"] = row.made.source;
    json["applies"] = row.made.applies;
    json["behind_known_bug"] = row.made.hidden;
    json["run"] = row.run;
    json["outcome"] = outcome(row);
    json["trace"] = row.made.program.size == 0 ? Json() : Json(print_trace(row.made.program));
    list.push_back(json);
  }
  return list;
}

Json count_json(const Count& count) {
  return {{"of", count.of},
          {"run", count.run},
          {"departing", count.failed},
          {"behind_known_bugs", count.hidden}};
}

}  // namespace

std::string callback_table(const CallbackReport& report) {
  std::size_t width = 0;
  for (const auto* rows : {&report.cells, &report.pairs}) {
    for (const CallbackRow& row : *rows) width = std::max(width, row.made.name.size());
  }
  std::string text;
  for (const CallbackRow& row : report.cells) {
    if (row.made.applies) {
      text += fmt::format("{:<{}}  {}\n", row.made.name, width, outcome(row));
    }
  }
  for (const CallbackRow& row : report.pairs) {
    if (!row.made.applies) continue;
    text +=
        fmt::format("{:<{}}  {}, {}\n", row.made.name, width, word(row.made.verdict), outcome(row));
  }
  return text;
}

std::string callback_total(const CallbackReport& report) {
  const Count cells = count_of(report.cells);
  const Count pairs = count_of(report.pairs);
  const Count allowed = count_of(report.pairs, Reentry::ALLOWED);
  const Count open = count_of(report.pairs, Reentry::UNDOCUMENTED);
  const Count forbidden = count_of(report.pairs, Reentry::FORBIDDEN);
  return fmt::format(
      "{} of {} cells{}{}; {} of {} pairs: {} of {} allowed{}{}, {} of {} undocumented{}, {} "
      "forbidden "
      "and not run; {} cells and pairs do not apply\n",
      cells.run, cells.of, behind(cells), departures(cells), pairs.run, pairs.of, allowed.run,
      allowed.of, behind(allowed), departures(allowed), open.run, open.of, departures(open),
      forbidden.of,
      report.cells.size() + report.pairs.size() - static_cast<std::size_t>(cells.of) -
          static_cast<std::size_t>(pairs.of));
}

Json callback_json(const CallbackReport& report) {
  Json json;
  json["cells"] = rows_json(report.cells);
  json["pairs"] = rows_json(report.pairs);
  Json& totals = json["totals"];
  totals["cells"] = count_json(count_of(report.cells));
  totals["pairs"] = count_json(count_of(report.pairs));
  totals["allowed"] = count_json(count_of(report.pairs, Reentry::ALLOWED));
  totals["undocumented"] = count_json(count_of(report.pairs, Reentry::UNDOCUMENTED));
  totals["forbidden"] = count_json(count_of(report.pairs, Reentry::FORBIDDEN));
  return json;
}

}  // namespace lastref
