#include "harness/report/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/program/trace.h"
#include "harness/report/balance.h"
#include "harness/report/memory_section.h"
#include "harness/report/sentence.h"
#include "harness/report/struck_section.h"
#include "harness/report/timeline.h"

namespace lastref {
namespace {

// Longer operations push their changes to the right rather than to the next line.
constexpr std::size_t kMaxOperationColumn = 34;

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out += by;
    out += text.substr(0, end);
    text.remove_prefix(end);
  }
  return out;
}

// A line of the timeline. What the target did instead stands below what the model expects.
std::string step_lines(const TimelineStep& step, std::size_t column, bool failed,
                       const std::vector<std::string>& instead) {
  std::vector<std::string> notes;
  if (!step.judged) {
    notes.emplace_back("(after a broken rule: the model says nothing)");
  } else if (step.legality != Legality::kLegal) {
    notes.push_back(fmt::format("breaks a rule: {}", name(step.legality)));
  } else {
    notes = changes(step);
  }
  for (const std::string& seen : instead) notes.push_back("! " + seen);
  std::string text = fmt::format("{} {:>3}  {:<{}}", failed ? '>' : ' ', step.index + 1,
                                 operation_text(step), column);
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (i > 0) text += fmt::format("\n{:{}}", "", column + 7);
    text += "  " + notes[i];
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string timeline_lines(const Timeline& timeline, const Symptoms& symptoms, int failed) {
  const TimelineStep* failing = failed < 0 ? nullptr : timeline.at(failed);
  std::size_t column = 0;
  for (const TimelineStep& step : timeline.steps) {
    column = std::max(column, std::min(operation_text(step).size(), kMaxOperationColumn));
  }
  std::string text;
  bool teardown = false;
  for (const TimelineStep& step : timeline.steps) {
    if (step.teardown && !teardown) text += "       -- teardown --\n";
    teardown = step.teardown;
    std::vector<std::string> instead;
    for (const Symptom& symptom : symptoms.view()) {
      if (timeline.at(symptom.operation) == &step) instead.push_back(sentence(symptom, &step));
    }
    text += step_lines(step, column, &step == failing, instead);
  }
  return text;
}

// Who held what when the failing operation began.
std::string held_before(const TimelineStep* step) {
  if (step == nullptr) return {};
  std::string text;
  for (int session = 0; session < step->before.born; ++session) {
    if (!step->before.is_live(static_cast<std::uint8_t>(session))) continue;
    text += fmt::format("    {}: {}\n", session_with_handles(step->before, session),
                        holders(step->before, session));
  }
  return text.empty() ? "" : "  Held before it:\n" + text;
}

std::string timeline_section(const Timeline& timeline, const Symptoms& symptoms, int failed) {
  return "  Timeline of the references, as the model has it (!: what was seen instead):\n" +
         indented(timeline_lines(timeline, symptoms, failed), "  ");
}

std::string operation_in_quotes(const TimelineStep* step, const Symptom& symptom) {
  return step != nullptr ? operation_text(*step) : std::string(row(symptom.code).name);
}

std::string cause_text(const Symptom& cause, const Timeline& timeline, int size) {
  const TimelineStep* step = timeline.at(cause.operation);
  std::string text =
      fmt::format("  Cause: {}\n", capitalised(std::string(meaning(cause.verdict)))) +
      fmt::format("  At {} ({}): {}.\n", place(cause, size), operation_in_quotes(step, cause),
                  sentence(cause, step));
  return text + held_before(step);
}

std::string consequence_lines(std::span<const Symptom> symptoms, int count,
                              const Timeline& timeline, int size, std::string_view title) {
  if (symptoms.empty()) return {};
  std::string text = fmt::format("  {}:\n", title);
  for (const Symptom& symptom : symptoms) {
    text += fmt::format("    {}, {}: {}\n", place(symptom, size), name(symptom.verdict),
                        sentence(symptom, timeline.at(symptom.operation)));
  }
  const int kept = static_cast<int>(symptoms.size());
  if (count > kept) text += fmt::format("    and {} more\n", count - kept);
  return text;
}

std::string symptoms_text(const Symptoms& symptoms, const Timeline& timeline, int size) {
  return cause_text(symptoms.cause(), timeline, size) +
         consequence_lines(symptoms.view().subspan(1), symptoms.count - 1, timeline, size,
                           "Consequences");
}

// "operation 5 (set_id s0 id_b)": the first that the contract does not allow.
std::string first_illegal(const RunOutcome& outcome, const TimelineStep* step) {
  Symptom at;
  at.operation = static_cast<std::uint16_t>(outcome.report.illegal_operation);
  return place(at, outcome.program.size) +
         (step == nullptr ? "" : " (" + operation_text(*step) + ")");
}

std::string unjudged_text(const RunOutcome& outcome, const Timeline& timeline) {
  return fmt::format(
      "  Up to {} the library did what it should; nothing is said of what comes then, for that "
      "{}.\n",
      first_illegal(outcome, timeline.at(outcome.report.illegal_operation)),
      outcome.report.illegal_reason);
}

std::string misuse_text(const RunOutcome& outcome, const Timeline& timeline) {
  const ProgramReport& report = outcome.report;
  const int size = outcome.program.size;
  const TimelineStep* step = timeline.at(report.illegal_operation);
  std::string text = fmt::format("  The program breaks a rule at {}: it {}.\n",
                                 first_illegal(outcome, step), report.illegal_reason);
  if (report.misuse_verdict != Verdict::kNone) {
    text += fmt::format("  This is {}: {}.\n", name(report.misuse_verdict),
                        meaning(report.misuse_verdict));
  }
  text += "  It is a mistake of the caller. What follows from it is no bug of the library.\n";
  text += held_before(step);
  if (report.symptoms.empty()) return text + "  Consequences: none was seen.\n";
  return text + consequence_lines(report.symptoms.view(), report.symptoms.count, timeline, size,
                                  "Consequences");
}

}  // namespace

std::string finding_text(const Finding& finding, const Contract& contract) {
  const int size = finding.program.size;
  const Timeline timeline = make_timeline(contract, finding.program);
  std::string text = fmt::format(
      "{}: {} [{}]\n", finding.target,
      finding.symptoms.empty() ? "no symptom" : name(finding.symptoms.cause().verdict),
      finding.symptoms.empty() ? "none" : lastref::text(signature(finding.symptoms.cause())));
  if (!finding.known.empty()) text += fmt::format("  Known: {}\n", finding.known);
  if (!finding.reproduced) {
    text += "  Not seen again in a fresh process: it convicts nobody.\n";
  }
  if (!finding.symptoms.empty()) text += symptoms_text(finding.symptoms, timeline, size);
  if (!finding.symptoms.empty()) {
    text += balance_section(timeline, session_in_question(finding.symptoms, nullptr),
                            finding.symptoms.cause().operation, nullptr);
  }
  text += memory_section(finding.memory, timeline);
  text += struck_section(finding.struck, timeline);
  text += timeline_section(timeline, finding.symptoms,
                           finding.symptoms.empty() ? -1 : finding.symptoms.cause().operation);
  text += "  Trace:\n" + indented(print_trace(finding.program), "    ");
  text += fmt::format(
      "  Shrunk from {} operations to {}. First seen in program {} of the run; {} of them showed "
      "it.\n",
      finding.original.size, size, finding.index, finding.occurrences);
  return text;
}

std::string run_text(const RunOutcome& outcome, const Contract& contract) {
  const ProgramReport& report = outcome.report;
  std::string text = fmt::format("{} on {} ({}): ", outcome.trace, outcome.target, report.version);
  const bool misuse = report.illegal_operation >= 0;
  if (!misuse && report.symptoms.empty()) return text + "clean\n";
  const Timeline timeline = make_timeline(contract, outcome.program);
  if (report.meets_hazard || report.beyond_model) {
    return text + "not judged\n" + unjudged_text(outcome, timeline);
  }
  if (misuse) {
    text += "misuse\n" + misuse_text(outcome, timeline);
  } else {
    text += fmt::format("{}\n", name(report.symptoms.cause().verdict));
    if (!outcome.known.empty()) text += fmt::format("  Known: {}\n", outcome.known);
    text += symptoms_text(report.symptoms, timeline, outcome.program.size);
  }
  const int failed = misuse ? report.illegal_operation : report.symptoms.cause().operation;
  const TimelineStep* const illegal = misuse ? timeline.at(failed) : nullptr;
  text += balance_section(timeline, session_in_question(report.symptoms, illegal), failed, illegal);
  text += memory_section(report.memory, timeline);
  text += struck_section(report.struck, timeline);
  return text + timeline_section(timeline, report.symptoms, failed);
}

}  // namespace lastref
