#include "harness/report/memory_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/report/balance.h"
#include "harness/report/fixtures.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Timeline timeline_of(const std::string& operations) {
  return make_timeline(Contract(), program_of(operations));
}

// Session 1 dies with its cache's reference, and is read by a connection.
constexpr const char* kFlushed =
    "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nfree s0\nflush c0 0\nctx_free c0\n";

MemoryEvidence read_after_release() {
  MemoryEvidence memory;
  memory.fault.kind = MemoryFaultKind::kRead;
  memory.fault.session = 0;
  memory.fault.size = 928;
  memory.fault.offset = 720;
  memory.fault.allocated_at = 2;
  memory.fault.released_at = 6;
  memory.fault.touched_at = 7;
  memory.allocated = {"SSL_SESSION_new+0x33 (libssl.so.3)"};
  memory.released = {"SSL_SESSION_free+0x1b (libssl.so.3)", "SSL_CTX_flush_sessions+0x7c"};
  memory.touched = {"libssl.so.3+0x33094"};
  return memory;
}

TEST(MemorySection, TellsTheBlockAndItsLifeWithTheStacksOfAllThree) {
  EXPECT_EQ(memory_section(read_after_release(), timeline_of(kFlushed)),
            "  Memory: byte 720 of session 1 (a block of 928 bytes) was read after its release\n"
            "    Allocated at operation 2 (s0 = new), by\n"
            "      SSL_SESSION_new+0x33 (libssl.so.3)\n"
            "    Released at operation 6 (flush c0 0) for the cache of c0, by\n"
            "      SSL_SESSION_free+0x1b (libssl.so.3)\n"
            "      SSL_CTX_flush_sessions+0x7c\n"
            "    Read at operation 7 (ctx_free c0), by\n"
            "      libssl.so.3+0x33094\n");
}

TEST(MemorySection, IsLeftOutWhereNothingWasTouched) {
  EXPECT_EQ(memory_section({}, timeline_of(kFlushed)), "");
  EXPECT_TRUE(memory_json({}, timeline_of(kFlushed)).is_null());
}

TEST(MemorySection, JsonSaysTheSame) {
  const auto json = memory_json(read_after_release(), timeline_of(kFlushed));
  EXPECT_EQ(json["kind"], "read");
  EXPECT_EQ(json["session"], "session 1");
  EXPECT_EQ(json["offset"], 720);
  EXPECT_EQ(json["released"]["operation"], 6);
  EXPECT_EQ(json["released"]["owner"], "the cache of c0");
  EXPECT_EQ(json["touched"]["stack"][0], "libssl.so.3+0x33094");
}

TEST(MemorySection, EveryKindHasASentenceOfItsOwn) {
  std::set<std::string> sentences;
  for (const auto kind :
       {MemoryFaultKind::kRead, MemoryFaultKind::kWritten, MemoryFaultKind::kTouched,
        MemoryFaultKind::kReleasedAgain, MemoryFaultKind::kInteriorRelease,
        MemoryFaultKind::kForeignRelease, MemoryFaultKind::kOverrun,
        MemoryFaultKind::kNeverReleased, MemoryFaultKind::kInputOverrun}) {
    MemoryFault fault;
    fault.kind = kind;
    EXPECT_TRUE(sentences.insert(fault_sentence(fault)).second) << fault_sentence(fault);
  }
}

TEST(MemorySection, TheLastHolderIsWhoGaveBackTheLastReference) {
  const Timeline timeline = timeline_of(kFlushed);
  EXPECT_EQ(last_holder(timeline.steps[4], 0), "the application");
  EXPECT_EQ(last_holder(timeline.steps[5], 0), "the cache of c0");
  EXPECT_EQ(last_holder(timeline.steps[2], 0), "");
}

TEST(Balance, ListsWhatEachOwnerTookAndGaveBack) {
  const auto accounts = balance(timeline_of(kFlushed), 0, 4);
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[0].owner, "application");
  EXPECT_THAT(accounts[0].taken, ElementsAre(1));
  EXPECT_THAT(accounts[0].given, ElementsAre(4));
  EXPECT_EQ(accounts[1].owner, "cache c0");
  EXPECT_THAT(accounts[1].taken, ElementsAre(3));
  EXPECT_EQ(accounts[1].outstanding(), 1) << "the flush comes later";
}

TEST(Balance, AMissedDeathShowsThatEverythingWasGivenBack) {
  const std::string text = finding_text(finding_with(Verdict::kLeak), Contract());
  EXPECT_THAT(text, HasSubstr("  References to session 1:\n"
                              "    application: 1 taken, 1 given back, 0 outstanding\n"
                              "      taken at operation 2 (s0 = new)\n"
                              "      given back at operation 5 (free s0)\n"
                              "    cache c0: 1 taken, 1 given back, 0 outstanding\n"
                              "      taken at operation 4 (add c0 s0)\n"
                              "      given back at operation 6 (flush c0 0)\n"));
}

RunOutcome misuse(const std::string& operations, int at, const char* reason) {
  RunOutcome made;
  made.trace = "a.trace";
  made.target = "openssl";
  made.program = program_of(operations);
  made.report.illegal_operation = at;
  made.report.illegal_reason = reason;
  return made;
}

TEST(Balance, AReleaseTooManyStandsBelowTheFirst) {
  const std::string text =
      run_text(misuse("s0 = new\nfree s0\nfree s0\n", 2, "frees it again"), Contract());
  EXPECT_THAT(text, HasSubstr("      taken at operation 1 (s0 = new)\n"
                              "      given back at operation 2 (free s0)\n"
                              "      released again at operation 3 (free s0)\n"));
}

TEST(Balance, ALostHandleShowsTheReferenceThatIsOutstanding) {
  for (const char* const lost : {"forget s0\n", "s0 = new\n"}) {
    const std::string text = run_text(
        misuse(std::string("s0 = new\nup_ref s0\nfree s0\n") + lost, 3, "loses it"), Contract());
    EXPECT_THAT(text, HasSubstr("application: 2 taken, 1 given back, 1 outstanding\n")) << lost;
    EXPECT_THAT(text, Not(HasSubstr("released again")));
  }
}

}  // namespace
}  // namespace lastref
