#include "harness/explore/run/explore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "harness/program/binary.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

class ExploreTest : public testing::Test {
 protected:
  ExploreTest() {
    options_.target = kFaulty;
    EXPECT_EQ(options_.bound.read_limits("small,depth=5"), "");
    EXPECT_EQ(options_.bound.read_operations("sessions,set_id,cache,ctx_new,on_remove"), "");
  }
  ~ExploreTest() override {
    unsetenv("LASTREF_TEST_FAULT");
    if (!options_.journal.empty()) unlink(options_.journal.c_str());
  }
  // With a bound so small that few programs fail: each verdict costs a process.
  void fault(const char* name) {
    setenv("LASTREF_TEST_FAULT", name, 1);
    EXPECT_EQ(options_.bound.read_limits("small,depth=3"), "");
    EXPECT_EQ(options_.bound.read_operations("new,up_ref,free,get_id"), "");
  }
  void use_journal() {
    options_.journal = testing::TempDir() + "explore_test." + std::to_string(getpid());
  }

  ExploreOptions options_;
};

TEST_F(ExploreTest, EveryTransitionOfASoundTargetIsExercisedAndAgrees) {
  const ExploreReport report = explore(options_);
  EXPECT_EQ(report.could_not_run + report.internal_error, "");
  EXPECT_TRUE(report.complete());
  EXPECT_GT(report.transitions, 1000U);
  EXPECT_EQ(report.transitions_done, report.transitions);
  EXPECT_LT(report.shard_programs, report.transitions) << "loops share programs";
  EXPECT_EQ(report.verdicts, 0U);
}

TEST_F(ExploreTest, FindsAMissingReferenceAndShrinksIt) {
  fault("early-free");
  const ExploreReport report = explore(options_);
  EXPECT_GT(report.verdicts, 0U);
  std::set<std::string> found;
  for (const Finding& finding : report.findings) {
    found.insert(text(signature(finding.symptoms.cause())));
  }
  EXPECT_TRUE(found.count("early-free/unexpected-death/free")) << testing::PrintToString(found);
  EXPECT_LT(report.transitions_done, report.transitions);
  EXPECT_EQ(report.programs_done, report.shard_programs) << "a verdict does not end the run";
}

TEST_F(ExploreTest, ShardsDivideTheTransitionsAndNeedNoTalk) {
  const ExploreReport whole = explore(options_);
  std::uint64_t transitions = 0;
  std::uint64_t states = 0;
  options_.shard.count = 3;
  for (options_.shard.number = 1; options_.shard.number <= 3; ++options_.shard.number) {
    const ExploreReport part = explore(options_);
    EXPECT_TRUE(part.complete());
    EXPECT_EQ(part.transitions, whole.transitions);
    EXPECT_EQ(part.transitions_done, part.shard_transitions);
    EXPECT_LT(part.shard_transitions, whole.transitions / 2);
    transitions += part.shard_transitions;
    states += part.shard_states;
  }
  EXPECT_EQ(transitions, whole.transitions);
  EXPECT_EQ(states, whole.shard_states);
}

TEST_F(ExploreTest, OneJobAndTwoComeToTheSame) {
  fault("early-free");
  const ExploreReport one = explore(options_);
  options_.jobs = 2;
  const ExploreReport two = explore(options_);
  EXPECT_EQ(one.states, two.states);
  EXPECT_EQ(one.transitions_of, two.transitions_of);
  EXPECT_EQ(one.transitions_done, two.transitions_done);
  EXPECT_EQ(one.verdicts, two.verdicts);
  ASSERT_EQ(one.findings.size(), two.findings.size());
  for (std::size_t i = 0; i < one.findings.size(); ++i) {
    EXPECT_EQ(one.findings[i].program, two.findings[i].program);
    EXPECT_EQ(one.findings[i].occurrences, two.findings[i].occurrences);
  }
}

TEST_F(ExploreTest, AJournalIsGoneOnFrom) {
  use_journal();
  ASSERT_EQ(options_.bound.read_limits("small,depth=6"), "");
  const ExploreReport whole = explore(options_);
  // As a kill leaves it: the first line and two chunks, and a part of a line.
  std::string text;
  {
    std::ifstream journal(options_.journal);
    std::string line;
    for (int i = 0; i < 3 && std::getline(journal, line); ++i) text += line + "\n";
    ASSERT_TRUE(std::getline(journal, line)) << "too few chunks for this test";
  }
  std::ofstream(options_.journal) << text << "{\"chunk\":1,\"trans";
  const ExploreReport second = explore(options_);
  EXPECT_EQ(second.could_not_run + second.internal_error, "");
  EXPECT_GT(second.resumed_programs, 0U);
  EXPECT_LT(second.resumed_programs, second.shard_programs);
  const ExploreReport third = explore(options_);
  EXPECT_EQ(third.resumed_programs, third.shard_programs) << "nothing is left to do";
  for (const ExploreReport& report : {second, third}) {
    EXPECT_TRUE(report.complete());
    EXPECT_EQ(report.transitions_done, whole.transitions_done);
    EXPECT_EQ(report.transitions_done, report.transitions);
  }
}

TEST_F(ExploreTest, IsStoppedByItsCaller) {
  options_.progress = [](const ExploreProgress& progress) { return progress.stage == "model"; };
  const ExploreReport report = explore(options_);
  EXPECT_TRUE(report.stopped);
  EXPECT_FALSE(report.complete());
}

TEST_F(ExploreTest, AJournalKeepsWhatFailed) {
  use_journal();
  fault("early-free");
  const ExploreReport first = explore(options_);
  const ExploreReport again = explore(options_);
  EXPECT_GT(first.verdicts, 0U);
  EXPECT_EQ(again.resumed_programs, again.shard_programs);
  EXPECT_EQ(again.verdicts, first.verdicts);
  EXPECT_EQ(again.transitions_done, first.transitions_done);
  EXPECT_EQ(again.findings.size(), first.findings.size());
}

TEST_F(ExploreTest, TheJournalOfAnotherRunIsRefused) {
  use_journal();
  explore(options_);
  ASSERT_EQ(options_.bound.read_limits("small,depth=3"), "");
  EXPECT_THAT(explore(options_).could_not_run, HasSubstr("found the journal of another run"));
}

// Written apart from the census: what a program of that length may be, by the model alone.
std::uint64_t count_programs(const Model& model, const Space& space, const State& state,
                             int length) {
  if (length == 0) return 0;
  std::vector<Move> moves;
  space.moves().append(state, moves);
  std::uint64_t count = 0;
  for (const Move& move : moves) {
    State next = state;
    Expectation expected;
    if (model.step(next, move.operation, move.body, expected) != Legality::kLegal) continue;
    if (expected.choices < 2 && !space.holds(next)) continue;
    count += 1 + (expected.choices > 1 ? 0 : count_programs(model, space, next, length - 1));
  }
  return count;
}

TEST_F(ExploreTest, AllProgramsUpToALengthAreRunOnce) {
  options_.all_programs = true;
  ASSERT_EQ(options_.bound.read_limits("small,ids=2,depth=4"), "");
  ASSERT_EQ(options_.bound.read_operations("new,set_id,add,ctx_new,free,up_ref"), "");
  const ExploreReport report = explore(options_);
  EXPECT_TRUE(report.complete());
  Symmetry symmetry = symmetry_of(options_.bound);
  symmetry.ids = false;
  Contract contract;
  EXPECT_EQ(contract.set_words(report.contract), "");
  const Space space(contract, ~std::uint64_t{0}, options_.bound, symmetry);
  const std::uint64_t programs = count_programs(space.model(), space, State(), 4);
  EXPECT_GT(programs, 100U);
  EXPECT_EQ(report.shard_programs, programs);
  EXPECT_EQ(report.transitions_done, programs);
}

TEST(Composer, EveryTransitionFollowsAShortestWayOrLoopsAtItsEnd) {
  Bound bound;
  ASSERT_EQ(bound.read_limits("small,depth=4"), "");
  const Space space(Contract(), ~std::uint64_t{0}, bound, symmetry_of(bound));
  Census census(space, {});
  ASSERT_TRUE(census.take());
  const Agenda agenda(census, {});
  Composer composer(space, census, true);
  FormWriter writer(space.symmetry());
  std::uint64_t transitions = 0;
  std::set<std::string> seen;
  for (std::uint64_t index = 0; index < agenda.programs(); ++index) {
    const Agenda::Item item = agenda.at(index);
    Program program;
    const std::uint32_t here = composer.compose(item, program);
    ASSERT_GT(here, 0U);
    transitions += here;
    ASSERT_EQ(malformed(program), "");
    Program untorn = program;
    untorn.teardown = Teardown{};
    const auto bytes = encode_program(untorn);
    EXPECT_TRUE(seen.insert(std::string(bytes.begin(), bytes.end())).second) << "twice";
    // All but the last leave the state as it is, if there are several.
    State state = state_after(space, census.way_to(item.node));
    Form before;
    write_plainly(state, before);
    int at = census.nodes()[item.node].slots;
    for (std::uint32_t transition = 0; transition < here; ++transition) {
      const Operation operation = program.operations[static_cast<std::size_t>(at)];
      Move move{operation, Operation{}};
      if (has_body(operation)) move.body = program.operations[static_cast<std::size_t>(at) + 1];
      at += slots(move);
      space.take(state, move);
      if (here == 1) continue;
      Form after;
      write_plainly(state, after);
      ASSERT_EQ(std::string(before.view().begin(), before.view().end()),
                std::string(after.view().begin(), after.view().end()));
    }
    EXPECT_EQ(at, program.size);
  }
  EXPECT_EQ(transitions, census.counts().transitions);
}

}  // namespace
}  // namespace lastref
