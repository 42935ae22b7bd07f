// The ledger as text. Addresses differ from run to run and are left out of what is compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <regex>
#include <string>

#include "lastref/ownership.h"

#ifdef __has_feature
#define LASTREF_CLANG_SANITIZES \
  (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define LASTREF_CLANG_SANITIZES 0
#endif

namespace {

using testing::HasSubstr;

constexpr int kId = 0;
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};
const lastref_owner kCache{LASTREF_OWNER_CACHE, &kId, nullptr, "sessions"};

std::string as_printed(const std::function<void(FILE*)>& print) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* out = open_memstream(&text, &size);
  print(out);
  std::fclose(out);
  std::string all(text, size);
  std::free(text);
  return all;
}

std::string printed(const std::function<void(FILE*)>& print) {
  std::string all = as_printed(print);
  all = std::regex_replace(all, std::regex(", from .*"), "");
  all = std::regex_replace(all, std::regex("0x[0-9a-f]+"), "@");
  return std::regex_replace(all, std::regex("#[0-9]+ of thread [0-9]+"), "then");
}

class Print : public testing::Test {
 protected:
  Print() {
    lastref_ledger_reset();
    lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_CALLER);
  }
  long object_ = 0;
};

TEST_F(Print, ATreeSaysWhoHoldsHowManyAndWhoReleased) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kApplication);
  lastref_release(&object_, kApplication);
  lastref_acquire(&object_, kCache);
  EXPECT_EQ(printed([this](FILE* out) { lastref_object_print(&object_, out); }),
            "@: 2 outstanding\n"
            "  application: holds 1\n"
            "    acquired then\n"
            "    acquired then\n"
            "      released then\n"
            "  cache \"sessions\" @: holds 1\n"
            "    acquired then\n");
}

TEST_F(Print, ATreeOfTheUnknownAndOfTheEndedSaysSo) {
  EXPECT_EQ(printed([this](FILE* out) { lastref_object_print(&object_, out); }), "@: unknown\n");
  lastref_object_begin(&object_);
  lastref_object_end(&object_);
  EXPECT_EQ(printed([this](FILE* out) { lastref_object_print(&object_, out); }),
            "@: 0 outstanding, ended\n");
}

TEST_F(Print, TheReportHasFindingsWithCandidatesAndAllThatIsOutstanding) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kCache);
  lastref_acquire(&object_, kApplication);
  lastref_release(&object_, kApplication);
  lastref_release(&object_, kApplication);
  EXPECT_EQ(printed(lastref_ledger_print),
            "1 findings\n"
            "double-free of @, event 4 of its life, 1 outstanding\n"
            "  application: then\n"
            "  had acquired: then\n"
            "      released: then\n"
            "1 outstanding\n"
            "  @, cache \"sessions\" @: acquired then\n");
}

TEST_F(Print, OutstandingReferencesStandInTheOrderOfTheirAcquires) {
  long objects[20] = {};
  for (const long& object : objects) lastref_object_begin(&object);
  for (const long& object : objects) lastref_acquire(&object, kApplication);
  const std::string text = as_printed(lastref_ledger_print);
  std::size_t place = 0;
  for (const long& object : objects) {
    char address[32];
    std::snprintf(address, sizeof address, "%p", static_cast<const void*>(&object));
    const std::size_t found = text.find(address);
    ASSERT_NE(found, std::string::npos);
    EXPECT_GE(found, place);
    place = found;
  }
}

TEST_F(Print, AStackIsPrintedFrameByFrame) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  EXPECT_THAT(printed([this](FILE* out) { lastref_object_print(&object_, out); }),
              HasSubstr("print_test+@"));
}

TEST_F(Print, EveryKindOfOwnerHasItsWord) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, {LASTREF_OWNER_CONNECTION, &kId, nullptr, nullptr});
  lastref_acquire(&object_, {LASTREF_OWNER_OTHER, nullptr, nullptr, "sweeper"});
  EXPECT_EQ(printed([this](FILE* out) { lastref_object_print(&object_, out); }),
            "@: 2 outstanding\n"
            "  connection @: holds 1\n"
            "    acquired then\n"
            "  other \"sweeper\": holds 1\n"
            "    acquired then\n");
}

TEST_F(Print, AMiscountSaysWhatTheCodeCountedAndThatNobodyActed) {
  lastref_object_begin(&object_);
  lastref_object_count(&object_, 3);
  EXPECT_EQ(printed(lastref_ledger_print),
            "1 findings\n"
            "miscount of @, event 1 of its life, 0 outstanding, counted as 3\n"
            "  nobody: then\n"
            "0 outstanding\n");
}

TEST_F(Print, AConsequenceIsMarkedAndFindingsBeyondTheBoundAreCounted) {
  lastref_object_begin(&object_);
  for (unsigned i = 0; i < LASTREF_LEDGER_FINDINGS + 2; ++i) {
    lastref_release(&object_, kApplication);
  }
  const std::string text = printed(lastref_ledger_print);
  EXPECT_THAT(text, HasSubstr("66 findings\nborrowed-free of @"));
  EXPECT_THAT(text, HasSubstr("\nconsequence: borrowed-free of @"));
  EXPECT_THAT(text, HasSubstr("\nand 2 more\n0 outstanding\n"));
}

// The site is no code of any file, as that of code made at run time.
TEST_F(Print, ASiteThatTheLoaderDoesNotKnowIsItsAddress) {
  const auto site = std::make_unique<char>();
  lastref_object_begin(&object_);
  lastref_acquire(&object_, {LASTREF_OWNER_APPLICATION, nullptr, site.get(), nullptr});
  char address[32];
  std::snprintf(address, sizeof address, "%p", static_cast<const void*>(site.get()));
  EXPECT_THAT(as_printed([this](FILE* out) { lastref_object_print(&object_, out); }),
              HasSubstr(std::string(", from ") + address + "\n"));
}

TEST_F(Print, ATreeOfMoreReferencesThanThePartHoldsHasThemAll) {
  lastref_object_begin(&object_);
  std::size_t held = 0;
  while (lastref_acquire(&object_, kApplication) != 0) ++held;
  const std::string text = printed([this](FILE* out) { lastref_object_print(&object_, out); });
  std::size_t lines = 0;
  for (std::size_t at = text.find("acquired"); at != std::string::npos;
       at = text.find("acquired", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, held);
  EXPECT_THAT(text, HasSubstr("holds " + std::to_string(held) + "\n"));
}

// In a process that gets no more memory.
TEST_F(Print, WithoutMemoryWhatIsLeftOutIsCounted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || LASTREF_CLANG_SANITIZES
  GTEST_SKIP() << "a sanitizer needs memory of its own at any time";
#else
  constexpr rlimit kNothing{1, 1};
  lastref_object_begin(&object_);
  std::size_t held = 0;
  while (lastref_acquire(&object_, kApplication) != 0) ++held;
  const std::string left_out =
      std::to_string(held) + " outstanding\n  and " + std::to_string(held) + " more\n$";
  EXPECT_EXIT(
      {
        setrlimit(RLIMIT_AS, &kNothing);
        lastref_object_print(&object_, stderr);
        std::exit(0);
      },
      testing::ExitedWithCode(0), left_out);
  EXPECT_EXIT(
      {
        setrlimit(RLIMIT_AS, &kNothing);
        lastref_ledger_print(stderr);
        std::exit(0);
      },
      testing::ExitedWithCode(0), left_out);
#endif
}

// A process of its own for each, since what is registered for the exit stays.
using AtExit = Print;

TEST_F(AtExit, WhatIsOutstandingIsReportedAsALeak) {
  EXPECT_EXIT(
      {
        lastref_ledger_print_at_exit();
        lastref_object_begin(&object_);
        lastref_acquire(&object_, kApplication);
        std::exit(0);
      },
      testing::ExitedWithCode(0), "at exit:\n1 findings\nleak of .*1 outstanding");
}

TEST_F(AtExit, NothingIsSaidWhenAllIsWell) {
  EXPECT_EXIT(
      {
        lastref_ledger_print_at_exit();
        lastref_object_begin(&object_);
        lastref_object_end(&object_);
        std::exit(0);
      },
      testing::ExitedWithCode(0), "^$");
}

TEST_F(AtExit, NothingIsSaidUnlessItWasAskedFor) {
  EXPECT_EXIT(
      {
        lastref_object_begin(&object_);
        std::exit(0);
      },
      testing::ExitedWithCode(0), "^$");
}

}  // namespace
