#include "harness/campaign/finding_group.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <variant>

#include "harness/campaign/fuzzer_home.h"
#include "harness/campaign/record.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

class Folder : public ::testing::Test {
 protected:
  Folder() : path_(testing::TempDir() + "campaign-" + std::to_string(getpid())) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() override { fs::remove_all(path_); }

  fs::path input(const std::string& name) const {
    std::ofstream(path_ / name) << name;
    return path_ / name;
  }
  FindingGroup group() const {
    FindingGroup made;
    made.fuzzer = "fuzz_openssl";
    made.name = "leak-missing-death-flush-cache";
    made.about = "openssl: leak";
    made.operations = 4;
    made.symptoms = {"leak flush"};
    return made;
  }
  fs::path folder() const { return path_ / group().fuzzer / group().name; }

  fs::path path_;
};

using FindingGroupTest = Folder;
using FuzzerHomeTest = Folder;
using RecordTest = Folder;

TEST_F(FindingGroupTest, IsReadAsItWasWritten) {
  add_group(path_, group(), {"trace", "", "report"});
  const std::vector<FindingGroup> groups = groups_in(path_);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].name, group().name);
  EXPECT_EQ(groups[0].about, group().about);
  EXPECT_EQ(groups[0].operations, 4);
  EXPECT_EQ(groups[0].symptoms, group().symptoms);
  EXPECT_TRUE(fs::exists(folder() / "program.trace"));
  EXPECT_FALSE(fs::exists(folder() / "program.c"));  // there was none
}

TEST_F(FindingGroupTest, TheFirstStaysAndGainsSymptoms) {
  add_group(path_, group(), {"first", "", ""});
  FindingGroup again = group();
  again.symptoms = {"leak ctx_free"};
  add_group(path_, again, {"second", "", ""});
  EXPECT_EQ(groups_in(path_)[0].symptoms,
            (std::vector<std::string>{"leak flush", "leak ctx_free"}));
  std::ifstream trace(folder() / "program.trace");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(trace), {}), "first");
}

TEST_F(FindingGroupTest, AnInputMovesAndIsCounted) {
  add_group(path_, group(), {});
  const fs::path crash = input("crash-1");
  add_input(path_, group().fuzzer, group().name, crash);
  EXPECT_FALSE(fs::exists(crash));
  EXPECT_TRUE(fs::exists(folder() / "inputs" / "crash-1"));
  EXPECT_EQ(groups_in(path_)[0].seen, 1U);
}

TEST_F(FindingGroupTest, MoreInputsThanTheBoundAreCountedOnly) {
  add_group(path_, group(), {});
  for (std::uint64_t i = 0; i <= kMaxInputs; ++i) {
    add_input(path_, group().fuzzer, group().name, input("crash-" + std::to_string(i)));
  }
  EXPECT_EQ(files_in(folder() / "inputs").size(), kMaxInputs);
  EXPECT_EQ(groups_in(path_)[0].seen, kMaxInputs + 1);
}

TEST_F(FindingGroupTest, WhatAKillLeftHalfIsWrittenAgain) {
  fs::create_directories(folder());
  input(fs::relative(folder(), path_).string() + "/program.trace");
  EXPECT_TRUE(groups_in(path_).empty());
  add_group(path_, group(), {"whole", "", ""});
  EXPECT_EQ(groups_in(path_).size(), 1U);
}

// Who held session 1 before the last operation of the program.
std::string owner(const std::string& program, Discrepancy what) {
  Finding finding;
  finding.program = std::get<Program>(parse_trace("lastref 1\n" + program));
  Symptom symptom;
  symptom.what = what;
  symptom.subject = 0;
  symptom.operation = static_cast<std::uint16_t>(finding.program.size - 1);
  finding.symptoms.add(symptom);
  return owner_of(finding, Contract());
}

TEST(OwnerOf, AreThoseWhoHeldTheSessionBeforeTheOperation) {
  const std::string cached = "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n";
  EXPECT_EQ(owner(cached + "free s0\n", Discrepancy::kUnexpectedDeath), "application+cache");
  EXPECT_EQ(owner(cached + "free s0\nflush c0 0\n", Discrepancy::kMissingDeath), "cache");
  EXPECT_EQ(owner(cached + "flush c0 0\n", Discrepancy::kCacheNumber), "cache");
  EXPECT_EQ(owner("s0 = new\n", Discrepancy::kMissingBirth), "");
}

TEST_F(FuzzerHomeTest, AKillInTheMiddleOfAMinimisationLosesNoCorpus) {
  const FuzzerHome home(path_ / "fuzz_x");
  home.open();
  std::ofstream(home.corpus() / "a") << "a";
  fs::create_directories(home.new_corpus());
  std::ofstream(home.new_corpus() / "b") << "b";
  fs::rename(home.corpus(), home.old_corpus());  // and here it was killed
  home.open();
  EXPECT_EQ(files_in(home.corpus()), std::vector<fs::path>{home.corpus() / "a"});
  EXPECT_FALSE(fs::exists(home.new_corpus()));
}

TEST_F(FuzzerHomeTest, AnEmptyMinimisationReplacesNothing) {
  const FuzzerHome home(path_ / "fuzz_x");
  home.open();
  std::ofstream(home.corpus() / "a") << "a";
  fs::create_directories(home.new_corpus());
  home.take_new_corpus();
  EXPECT_EQ(files_in(home.corpus()).size(), 1U);
  fs::create_directories(home.new_corpus());
  std::ofstream(home.new_corpus() / "b") << "b";
  home.take_new_corpus();
  EXPECT_EQ(files_in(home.corpus()), std::vector<fs::path>{home.corpus() / "b"});
}

TEST_F(FuzzerHomeTest, InputsThatWereSlowAreNoFindings) {
  const FuzzerHome home(path_ / "fuzz_x");
  home.open();
  for (const char* name : {"timeout-1", "slow-unit-1", "crash-1", "oom-1", "leak-1"}) {
    std::ofstream(home.artifacts() / name) << name;
  }
  EXPECT_EQ(home.waiting().size(), 4U);
}

TEST_F(RecordTest, IsReadAsItWasWritten) {
  CampaignRecord record = CampaignRecord::load(path_);
  EXPECT_EQ(record.runs, 0U);
  record.seed = 7;
  record.runs = 2;
  record.fuzzers["fuzz_x"].inputs = 12;
  record.fuzzers["fuzz_x"].trouble = "it \"ended\"";
  record.save(path_);
  const CampaignRecord read = CampaignRecord::load(path_);
  EXPECT_EQ(read.seed, 7U);
  EXPECT_EQ(read.runs, 2U);
  EXPECT_EQ(read.fuzzers.at("fuzz_x").inputs, 12U);
  EXPECT_EQ(read.fuzzers.at("fuzz_x").trouble, "it \"ended\"");
}

TEST_F(RecordTest, OneThatIsNoneNamesTheFileAndSaysWhatToDo) {
  std::ofstream(path_ / "campaign.json") << "[";
  try {
    CampaignRecord::load(path_);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("campaign.json: found no record"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("move it away"), std::string::npos);
  }
}

TEST(ReplaceFile, OnAFullDiskIsAnErrorThatNamesTheFile) {
  EXPECT_THROW(replace_file("/nowhere/file", "text"), std::runtime_error);
}

}  // namespace
}  // namespace lastref
