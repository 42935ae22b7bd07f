// Each seeded bug is found by the program in corpus/seeded that bears its name, with the verdict
// that its header promises, and the reference passes the same program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "harness/generate/check.h"
#include "harness/program/operation.h"
#include "harness/program/trace.h"
#include "harness/score/patch.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

const fs::path kPatches = LASTREF_SOURCE_DIR "/harness/mutants/patches";
const fs::path kTraces = LASTREF_SOURCE_DIR "/corpus/seeded";
const std::string kMutant =
    LASTREF_BINARY_DIR "/tests/harness/mutants/adapters/lastref-target-mutant-";
const char* const kReference = LASTREF_BINARY_DIR "/targets/lastref-target-reference.so";

// The stems of a folder's files, all of which have the extension.
std::set<std::string> names_in(const fs::path& folder, const std::string& extension) {
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    EXPECT_EQ(entry.path().extension(), extension) << entry.path();
    names.insert(entry.path().stem());
  }
  return names;
}

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::map<std::string, std::string> header_of(const std::string& name) {
  return patch_header(text_of(kPatches / (name + ".patch")));
}

Program program_of(const std::string& name) {
  const auto parsed = parse_trace(text_of(kTraces / (name + ".trace")));
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text(name + ".trace");
    return {};
  }
  return std::get<Program>(parsed);
}

// "6 flush": of the cause, counted from 1 as in a trace; beyond the program, of its teardown.
std::string operation_of(const Symptoms& symptoms) {
  return std::to_string(symptoms.cause().operation + 1) + " " +
         std::string(row(symptoms.cause().code).name);
}

TEST(MutantsTest, EveryPatchHasATraceAndEveryTraceAPatch) {
  const std::set<std::string> patches = names_in(kPatches, ".patch");
  const std::set<std::string> traces = names_in(kTraces, ".trace");
  std::vector<std::string> alone;
  std::set_symmetric_difference(patches.begin(), patches.end(), traces.begin(), traces.end(),
                                std::back_inserter(alone));
  EXPECT_THAT(alone, ::testing::IsEmpty());
  EXPECT_GE(patches.size(), 50U);
}

class MutantTest : public ::testing::TestWithParam<std::string> {};

TEST_P(MutantTest, HasAHeaderThatSaysWhereItComesFrom) {
  const auto header = header_of(GetParam());
  std::vector<std::string> keys;
  for (const auto& [key, value] : header) {
    keys.push_back(key);
    EXPECT_NE(value, "") << key;
  }
  EXPECT_THAT(keys, ::testing::ElementsAre("about", "bug", "class", "name", "operation", "organic",
                                           "source", "trigger", "verdict"));
  EXPECT_EQ(header.at("name"), GetParam());
  EXPECT_THAT(text_of(kPatches / (GetParam() + ".patch")),
              ::testing::HasSubstr("LASTREF_SEEDED()"));
}

TEST_P(MutantTest, IsConvictedAsItsHeaderSays) {
  const auto header = header_of(GetParam());
  const ProgramReport report =
      run_program(kMutant + GetParam() + ".so", program_of(GetParam()), Hazards{});
  ASSERT_EQ(report.could_not_run + report.internal_error, "");
  EXPECT_EQ(report.illegal_operation, -1) << report.illegal_reason;
  ASSERT_FALSE(report.symptoms.empty()) << "nothing was found";
  EXPECT_EQ(name(report.symptoms.cause().verdict), header.at("verdict"));
  EXPECT_EQ(operation_of(report.symptoms), header.at("operation"));
}

TEST_P(MutantTest, IsNotConvictedWithoutThePatch) {
  const ProgramReport report = run_program(kReference, program_of(GetParam()), Hazards{});
  EXPECT_EQ(report.could_not_run + report.internal_error, "");
  EXPECT_THAT(report.lacks, ::testing::IsEmpty());
  EXPECT_EQ(report.illegal_operation, -1) << report.illegal_reason;
  EXPECT_TRUE(report.symptoms.empty())
      << name(report.symptoms.cause().verdict) << " at " << operation_of(report.symptoms);
}

INSTANTIATE_TEST_SUITE_P(, MutantTest, ::testing::ValuesIn(names_in(kPatches, ".patch")),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace lastref
