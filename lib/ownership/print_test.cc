// The ledger as text. Addresses differ from run to run and are left out of what is compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <regex>
#include <string>

#include "lastref/ownership.h"

namespace {

using testing::HasSubstr;

constexpr int kId = 0;
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};
const lastref_owner kCache{LASTREF_OWNER_CACHE, &kId, nullptr, "sessions"};

std::string printed(const std::function<void(FILE*)>& print) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* out = open_memstream(&text, &size);
  print(out);
  std::fclose(out);
  std::string all(text, size);
  std::free(text);
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
  char* text = nullptr;
  std::size_t size = 0;
  FILE* out = open_memstream(&text, &size);
  lastref_ledger_print(out);
  std::fclose(out);
  std::size_t place = 0;
  for (const long& object : objects) {
    char address[32];
    std::snprintf(address, sizeof address, "%p", static_cast<const void*>(&object));
    const std::size_t found = std::string(text, size).find(address);
    ASSERT_NE(found, std::string::npos);
    EXPECT_GE(found, place);
    place = found;
  }
  std::free(text);
}

TEST_F(Print, AStackIsPrintedFrameByFrame) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  EXPECT_THAT(printed([this](FILE* out) { lastref_object_print(&object_, out); }),
              HasSubstr("print_test+@"));
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
