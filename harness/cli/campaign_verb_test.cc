// `lastref campaign` with a fake engine and fuzzers that are scripts: what the disk holds after an
// end, a kill and a second run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/campaign/fuzzer_home.h"
#include "harness/campaign/record.h"
#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

// As an engine: options, and the corpus last. It keeps an input, merges by copying, finds what
// FINDS says and ends with libFuzzer's exit code for it, or goes on until its time is over.
constexpr const char* kEngine = R"(#!/bin/bash
for word in "$@"; do
  case $word in
    -max_total_time=*) time=${word#*=} ;;
    -artifact_prefix=*) artifacts=${word#*=} ;;
    -merge=1) merge=1 ;;
    -*) ;;
    *) before=$corpus; corpus=$word ;;
  esac
done
if [[ -n $merge ]]; then cp "$corpus"/* "$before"; exit 0; fi
echo "#100 pulse  cov: 2 ft: 30 corp: 4/5b exec/s: 50 rss: 60Mb"
echo kept >"$corpus/kept-$RANDOM"
here=$(dirname "$0")
[[ -e $here/broken ]] && { echo "cannot begin"; exit 1; }
if [[ -e $here/finds ]]; then
  echo "input $RANDOM$RANDOM" >"${artifacts}crash-$RANDOM$RANDOM"
  sleep 0.2
  exit 77
fi
sleep "$time"
)";

constexpr const char* kReplay = R"(#!/bin/bash
case $1 in
  --hazards) echo none; exit ;;
  --seeds) echo seed >"$2/seed"; exit ;;
  --trace) printf 'lastref 1\ns0 = new\nfree s0\n'; exit ;;
esac
[[ -e $(dirname "$0")/calm ]] && exit 0
echo "the input on buggy (1): wrong-return"
echo "  At operation 4 (add c0 s0): it returned 0 instead of 1."
exit 1
)";

class CampaignVerb : public ::testing::Test {
 protected:
  CampaignVerb() { fuzzer("fuzz_buggy"); }

  void fuzzer(const std::string& name) const {
    fs::create_directories(bin());
    script(bin() / name, kEngine);
    script(bin() / (name + "_replay"), kReplay);
  }
  void script(const fs::path& path, const char* text) const {
    std::ofstream(path) << text;
    chmod(path.c_str(), 0755);
  }
  void set(const std::string& mark) const { std::ofstream(bin() / mark) << "x"; }
  void unset(const std::string& mark) const { fs::remove(bin() / mark); }

  std::vector<std::string> words(std::vector<std::string> more) const {
    std::vector<std::string> all = {kProgram,        "campaign", home(), "--build",
                                    scratch_.path(), "--jobs",   "1",    "--time"};
    if (more.empty()) more = {"1s"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProcessResult campaign(std::vector<std::string> more = {}, int interrupt_after_ms = -1) const {
    Invocation invocation;
    invocation.words = words(std::move(more));
    invocation.interrupt_after_ms = interrupt_after_ms;
    return run_program_in_shell(invocation);
  }

  fs::path bin() const { return fs::path(scratch_.path()) / "bin"; }
  std::string home() const { return scratch_.path() + "/home"; }
  fs::path group() const {
    return fs::path(home()) / "findings/fuzz_buggy/wrong-return-result-add";
  }
  std::size_t inputs() const { return files_in(group() / "inputs").size(); }

  ScratchDirectory scratch_;
};

TEST_F(CampaignVerb, ThatFindsNothingEndsCleanWithACorpusAndAPage) {
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| fuzz_buggy | 100 | 1 | 100 | 30 | "));
  EXPECT_THAT(result.out, HasSubstr("Nothing was found."));
  EXPECT_EQ(contents(home() + "/summary.md"), result.out);
  EXPECT_FALSE(files_in(home() + "/fuzz_buggy/corpus").empty());
}

TEST_F(CampaignVerb, FilesWhatIsFoundOnceWithItsProgramAndItsReport) {
  set("finds");
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| fuzz_buggy wrong-return-result-add | new | "));
  EXPECT_THAT(contents((group() / "program.trace").string()), HasSubstr("add c0 s0"));
  EXPECT_THAT(contents((group() / "report.txt").string()),
              HasSubstr("buggy: wrong-return [wrong-return/result/add]"));
  EXPECT_GE(inputs(), 2U);  // the engine went on behind the first
  EXPECT_TRUE(files_in(home() + "/fuzz_buggy/artifacts").empty());
}

TEST_F(CampaignVerb, ASecondOneGoesOnFromTheFirst) {
  set("finds");
  campaign();
  const std::size_t before = inputs();
  unset("finds");
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 1) << "the directory has findings";
  EXPECT_THAT(result.out, HasSubstr("in 2 runs"));
  EXPECT_EQ(inputs(), before);
}

// A second process, killed with no warning as soon as an input lies there.
TEST_F(CampaignVerb, AKillLosesNothingAndLeavesNoEngineBehind) {
  set("finds");
  const std::vector<std::string> all = words({"60s"});
  std::vector<char*> pointers;
  for (const std::string& word : all) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execv(kProgram, pointers.data());
    _exit(127);
  }
  const FuzzerHome fuzzer(home() + "/fuzz_buggy");
  while (fuzzer.waiting().empty() && inputs() == 0) usleep(1000);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const std::size_t shown = fuzzer.waiting().size() + inputs();
  unset("finds");
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_GE(inputs(), shown);
  EXPECT_TRUE(fuzzer.waiting().empty());
}

TEST_F(CampaignVerb, CtrlCEndsItWithAPage) {
  const ProcessResult result = campaign({"60s"}, 700);
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(result.out, HasSubstr("# Campaign"));
  EXPECT_EQ(CampaignRecord::load(home()).runs, 1U);
}

TEST_F(CampaignVerb, WhatAFreshProcessDoesNotShowConvictsNobody) {
  set("finds");
  set("calm");
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("not seen again"));
}

TEST_F(CampaignVerb, AnEngineThatEndsAgainAndAgainCouldNotBeRun) {
  set("broken");
  const ProcessResult result = campaign({"30s"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("fuzz_buggy: it ended 3 times before its time, the last with "
                                    "1: cannot begin"));
}

TEST_F(CampaignVerb, TwoInOneDirectoryAreRefused) {
  fs::create_directories(home());
  // flock(1) holds it while it runs lastref.
  Invocation holder;
  holder.words = {"/usr/bin/flock", home() + "/lock"};
  const std::vector<std::string> all = words({"1s"});
  holder.words.insert(holder.words.end(), all.begin(), all.end());
  const ProcessResult result = run_program_in_shell(holder);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("another campaign is at work in it"));
}

TEST_F(CampaignVerb, WrongWordsAreWrongUsage) {
  EXPECT_THAT(campaign({"1s", "--fuzzers", "fuzz_bugy"}).err, HasSubstr("fuzz_buggy"));
  EXPECT_EQ(campaign({"1s", "--fuzzers", "fuzz_bugy"}).code, 2);
  EXPECT_EQ(campaign({"100"}).code, 2);  // programs are no time
  EXPECT_EQ(campaign({"1s", "--hazards", "nonsense"}).code, 2);
  fs::remove_all(bin());
  const ProcessResult nowhere = campaign();
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_THAT(nowhere.err, HasSubstr("cmake --preset fuzz"));
}

TEST_F(CampaignVerb, ADirectoryThatCannotBeWrittenIsNamed) {
  std::ofstream(home()) << "a file";
  const ProcessResult result = campaign();
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr(home()));
}

}  // namespace
}  // namespace lastref
