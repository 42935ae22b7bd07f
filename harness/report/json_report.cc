#include "harness/report/json_report.h"

#include "harness/program/capabilities.h"
#include "harness/program/trace.h"
#include "harness/report/balance.h"
#include "harness/report/memory_section.h"
#include "harness/report/sentence.h"
#include "harness/report/struck_section.h"
#include "harness/report/timeline.h"

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

Json budget_json(const Budget& budget) {
  if (budget.programs != 0) return Json{{"programs", budget.programs}};
  return Json{{"seconds", budget.seconds}};
}

}  // namespace

Json hazards_json(Hazards hazards) {
  Json names = Json::array();
  for (const HazardRow& row : hazard_table()) {
    if (hazards.has(row.id)) names.push_back(row.name);
  }
  return names;
}

// What differs from the reading of the manual.
Json contract_json(const Contract& contract) {
  const Contract manual;
  Json switches = Json::object();
  for (const SwitchRow& row : switch_table()) {
    if (contract.value(row.id) == manual.value(row.id)) continue;
    switches[std::string(row.name)] = contract.text(row.id);
  }
  return switches;
}

namespace {

Json symptom_json(const Symptom& symptom, const Timeline& timeline, int size) {
  Json json;
  json["verdict"] = name(symptom.verdict);
  json["what"] = name(symptom.what);
  json["operation"] = symptom.operation + 1;
  json["teardown"] = symptom.operation >= size;
  json["code"] = row(symptom.code).name;
  json["subject"] = symptom.subject == kNoSubject ? Json() : Json(subject_text(symptom));
  json["expected"] = symptom.expected;
  json["found"] = symptom.found;
  json["sentence"] = sentence(symptom, timeline.at(symptom.operation));
  return json;
}

Json timeline_json(const Timeline& timeline) {
  Json steps = Json::array();
  for (const TimelineStep& step : timeline.steps) {
    Json json;
    json["operation"] = step.index + 1;
    json["teardown"] = step.teardown;
    json["text"] = operation_text(step);
    json["judged"] = step.judged;
    if (step.legality != Legality::kLegal) json["breaks"] = name(step.legality);
    json["changes"] = step.judged ? changes(step) : std::vector<std::string>{};
    steps.push_back(std::move(json));
  }
  return steps;
}

Json finding_json(const Finding& finding, const Contract& contract) {
  const Timeline timeline = make_timeline(contract, finding.program);
  const int size = finding.program.size;
  Json json;
  const bool empty = finding.symptoms.empty();
  json["signature"] = empty ? Json() : Json(text(signature(finding.symptoms.cause())));
  json["cause"] = empty ? Json() : Json(name(finding.symptoms.cause().verdict));
  json["known"] = finding.known.empty() ? Json() : Json(finding.known);
  json["reproduced"] = finding.reproduced;
  Json symptoms = Json::array();
  for (const Symptom& symptom : finding.symptoms.view()) {
    symptoms.push_back(symptom_json(symptom, timeline, size));
  }
  json["symptoms"] = std::move(symptoms);
  json["symptom_count"] = finding.symptoms.count;
  json["references"] = empty
                           ? Json()
                           : balance_json(timeline, session_in_question(finding.symptoms, nullptr),
                                          finding.symptoms.cause().operation);
  json["memory"] = memory_json(finding.memory, timeline);
  if (!finding.struck.empty()) json["struck"] = struck_json(finding.struck, timeline);
  json["trace"] = print_trace(finding.program);
  json["original_trace"] = print_trace(finding.original);
  json["index"] = finding.index;
  json["occurrences"] = finding.occurrences;
  json["timeline"] = timeline_json(timeline);
  return json;
}

}  // namespace

Json findings_json(const std::vector<Finding>& findings, const Contract& contract) {
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(finding_json(finding, contract));
  return list;
}

namespace {

Json run_json(const JsonInput& input) {
  const CheckReport& report = input.report;
  Json run;
  run["lastref"] = input.lastref_version;
  run["library"] = report.version;
  run["jobs"] = input.options.jobs;
  run["seconds"] = report.seconds;
  run["search_seconds"] = report.search_seconds;
  run["programs_per_second"] =
      report.search_seconds > 0 ? static_cast<double>(report.programs) / report.search_seconds : 0;
  return run;
}

}  // namespace

Json check_json(const JsonInput& input) {
  const CheckReport& report = input.report;
  Json json;
  json["format"] = kJsonFormat;
  json["target"] = input.options.target;
  json["seed"] = input.options.seed;
  if (input.options.first != 0) json["first"] = input.options.first;
  json["budget"] = budget_json(input.options.budget);
  json["operations"] = input.options.operations;
  if (input.options.without != 0) json["without"] = capability_names(input.options.without);
  json["hazards"] = hazards_json(input.options.hazards);
  json["could_not_run"] = report.could_not_run.empty() ? Json() : Json(report.could_not_run);
  json["internal_error"] = report.internal_error.empty() ? Json() : Json(report.internal_error);
  json["contract"] = contract_json(input.contract);
  json["programs"] = report.programs;
  json["operations_done"] = report.operations;
  json["verdicts"] = report.verdicts;
  json["stopped"] = report.stopped;
  json["findings"] = findings_json(report.findings, input.contract);
  json["unreproduced"] = findings_json(report.unreproduced, input.contract);
  if (!input.callbacks.is_null()) json["callbacks"] = input.callbacks;
  json["run"] = run_json(input);
  return json;
}

std::string json_text(const std::vector<JsonInput>& inputs) {
  // Text of a target may hold any bytes; what is no UTF-8 is replaced rather than thrown at.
  constexpr auto kOnError = nlohmann::json::error_handler_t::replace;
  constexpr int kIndent = 2;
  if (inputs.size() == 1) {
    return check_json(inputs[0]).dump(kIndent, ' ', false, kOnError) + "\n";
  }
  Json list = Json::array();
  for (const JsonInput& input : inputs) list.push_back(check_json(input));
  return list.dump(kIndent, ' ', false, kOnError) + "\n";
}

}  // namespace lastref
