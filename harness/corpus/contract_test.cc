// The contract: each switch has a program that shows the difference, and docs/contract.md says what
// the tables and the adapters say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/cli/files.h"
#include "harness/cli/target_choice.h"
#include "harness/corpus/corpus_files.h"
#include "harness/corpus/split.h"
#include "harness/generate/check.h"
#include "harness/program/trace.h"
#include "harness/report/contract_text.h"

namespace lastref {
namespace {

constexpr const char* kPage = "docs/contract.md";
const std::string kRoot = std::string(LASTREF_SOURCE_DIR) + "/";

std::vector<std::string> built_targets() { return built_adapters(LASTREF_BINARY_DIR); }

// What a program comes to, in one word for each way.
std::string outcome(const ProgramReport& report) {
  if (!report.could_not_run.empty()) return "could not run: " + report.could_not_run;
  if (!report.internal_error.empty()) return "internal error: " + report.internal_error;
  if (!report.lacks.empty()) return "left out";
  if (report.illegal_operation >= 0) {
    return "breaks a rule at " + std::to_string(report.illegal_operation) + ": " +
           report.illegal_reason;
  }
  return report.symptoms.empty() ? "clean" : text(signature(report.symptoms.cause()));
}

bool ran(const ProgramReport& report) {
  return report.could_not_run.empty() && report.internal_error.empty() && report.lacks.empty();
}

// Every other value of a switch; of a number the next one stands for all.
std::vector<std::int32_t> other_values(Switch of, std::int32_t value) {
  if (value_count(of) == 0) return {value + 1};
  std::vector<std::int32_t> others;
  for (int other = 0; other < value_count(of); ++other) {
    if (other != value) others.push_back(other);
  }
  return others;
}

Program program_of(const SwitchRow& row) {
  auto parsed = parse_trace(read_file(kRoot + contract_trace(row), kMaxTraceBytes));
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text(contract_trace(row));
    return {};
  }
  Program program = std::get<Program>(parsed);
  // Where the header asks for a value, the target is judged by both all the same.
  program.contract = ContractMarks();
  return program;
}

// Empty when the program shows, on the target, the difference between the value that the target
// declares and each other; else what it came to.
std::string failing_difference(const SwitchRow& row, const std::string& target) {
  Contract contract;
  const std::string error = target_contract(target, &contract);
  if (!error.empty()) return error;
  const Program program = program_of(row);
  const ProgramReport declared = run_program(target, program, Hazards{});
  const std::string right = outcome(declared);
  if (!ran(declared)) return right;
  for (const std::int32_t other : other_values(row.id, contract.value(row.id))) {
    ContractMarks instead;
    instead.set(row.id, other);
    const std::string wrong = outcome(run_program(target, program, Hazards{}, instead));
    // A rule that only the declared value has is the difference as well.
    if (wrong == right || (wrong == "clean" && declared.illegal_operation < 0)) {
      return "found '" + right + "' by the declared " + contract.text(row.id) + " and '" + wrong +
             "' by " + value_text(row.id, other) + ", expected the second to be something else";
    }
  }
  return {};
}

const SwitchRow& row_of(const std::string& name) {
  return switch_table()[static_cast<std::size_t>(*switch_named(name))];
}

std::vector<std::string> switch_names() {
  std::vector<std::string> names;
  for (const SwitchRow& row : switch_table()) names.emplace_back(row.name);
  return names;
}

class ContractSwitch : public testing::TestWithParam<std::string> {};

TEST_P(ContractSwitch, HasAProgramThatShowsTheDifference) {
  const SwitchRow& row = row_of(GetParam());
  std::string why;
  for (const std::string& target : built_targets()) {
    const std::string failure = failing_difference(row, target);
    if (failure.empty()) return;
    why += "  " + target_name(target) + ": " + failure + "\n";
  }
  FAIL() << contract_trace(row) << " shows no difference on any target:\n" << why;
}

TEST_P(ContractSwitch, HasASourceThatIsQuotedOrCited) {
  const std::string_view source = row_of(GetParam()).source;
  EXPECT_TRUE(source.find('"') != std::string_view::npos ||
              source.find("https://") != std::string_view::npos)
      << "found " << source << "; expected words of a page or a header in quotes, or a link";
}

std::string test_name(const testing::TestParamInfo<std::string>& of) {
  std::string name = of.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, ContractSwitch, testing::ValuesIn(switch_names()), test_name);

TEST(ContractTraces, BelongToASwitch) {
  const std::string folder = "contract/";
  for (const CorpusTrace& trace : corpus_traces()) {
    if (!trace.name.starts_with(folder)) continue;
    EXPECT_TRUE(switch_named(trace.name.substr(folder.size())).has_value())
        << "corpus/" << trace.name << ".trace: found no switch of that name; rename or delete it";
  }
}

// The target of "| openssl | `one-less` |"; empty for any other line.
std::string target_of(std::string_view line) {
  const std::string_view begin = "| ";
  const std::string_view end = "` |";
  const std::size_t middle = line.find(" | `");
  if (!line.starts_with(begin) || !line.ends_with(end) || middle == std::string_view::npos)
    return {};
  return std::string(line.substr(begin.size(), middle - begin.size()));
}

// A page without the lines of targets that were not built here.
std::string with_only(const std::set<std::string>& targets, std::string_view page) {
  std::string kept;
  for (const std::string_view line : split(page, "\n")) {
    const std::string target = target_of(line);
    if (target.empty() || targets.count(target) != 0) kept.append(line).append("\n");
  }
  kept.pop_back();  // the page's last line has an end, and no line follows
  return kept;
}

TEST(ContractPage, SaysWhatTheTablesAndTheAdaptersSay) {
  std::vector<TargetContract> contracts;
  std::set<std::string> names;
  for (const std::string& target : built_targets()) {
    TargetContract of;
    of.target = target_name(target);
    ASSERT_EQ(target_contract(target, &of.contract), "") << target;
    names.insert(of.target);
    contracts.push_back(std::move(of));
  }
  const std::string found = with_only(names, read_file(kRoot + kPage, kMaxTraceBytes));
  const std::string expected = contract_markdown(std::move(contracts));
  // Two pages side by side help nobody: the first line that differs does.
  const auto [a, b] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  EXPECT_TRUE(a == found.end() && b == expected.end())
      << kPage << " is out of date: 'lastref contract --markdown > " << kPage
      << "' makes it again, when every adapter is built. From where they differ, found '"
      << std::string(a, std::find(a, found.end(), '\n')) << "', expected '"
      << std::string(b, std::find(b, expected.end(), '\n')) << "'";
}

}  // namespace
}  // namespace lastref
