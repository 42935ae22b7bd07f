// Values that the application hangs on sessions, and when its functions are called.
#include <vector>

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

using ExData = SessionTest;

int dup_answer = 1;
std::vector<void*> freed;

int index_with_functions() {
  static const int index = lr_SESSION_get_ex_new_index(
      7, &freed, nullptr,
      [](LR_EX_DATA*, const LR_EX_DATA*, void** value, int, long argl, void*) {
        EXPECT_EQ(argl, 7);
        if (*value != nullptr) *value = static_cast<char*>(*value) + 1;
        return dup_answer;
      },
      [](void*, void* value, LR_EX_DATA*, int, long, void* argp) {
        EXPECT_EQ(argp, &freed);
        if (value != nullptr) freed.push_back(value);
      });
  return index;
}

TEST_F(ExData, IsKeptForEachIndexAndIsNullAtFirst) {
  const int index = index_with_functions();
  char value[4] = {};
  LR_SESSION* session = make("a");
  EXPECT_EQ(lr_SESSION_get_ex_data(session, index), nullptr);
  EXPECT_EQ(lr_SESSION_set_ex_data(session, index, nullptr), 1);
  EXPECT_EQ(lr_SESSION_set_ex_data(session, index, value), 1);
  EXPECT_EQ(lr_SESSION_get_ex_data(session, index), value);
  EXPECT_EQ(lr_SESSION_get_ex_data(session, logging_index()), nullptr);
  EXPECT_EQ(lr_SESSION_set_ex_data(session, -1, value), 0);
  EXPECT_EQ(lr_SESSION_set_ex_data(session, 31, value), 0);
  EXPECT_EQ(lr_SESSION_get_ex_data(session, -1), nullptr);
  EXPECT_EQ(lr_SESSION_get_ex_data(session, 31), nullptr);
  lr_SESSION_free(session);
  EXPECT_THAT(std::exchange(freed, {}), ::testing::ElementsAre(value));
}

TEST_F(ExData, DupFunctionMakesTheCopysValue) {
  const int index = index_with_functions();
  char value[4] = {};
  LR_SESSION* session = make("a");
  lr_SESSION_set_ex_data(session, index, value);
  LR_SESSION* copy = lr_SESSION_dup(session);
  EXPECT_EQ(lr_SESSION_get_ex_data(copy, index), value + 1);
  lr_SESSION_free(session);
  lr_SESSION_free(copy);
  EXPECT_THAT(std::exchange(freed, {}), ::testing::ElementsAre(value, value + 1));
}

TEST_F(ExData, DupFailsWhereTheDupFunctionDoes) {
  index_with_functions();
  LR_SESSION* session = make("a");
  dup_answer = 0;
  EXPECT_EQ(lr_SESSION_dup(session), nullptr);
  dup_answer = 1;
  lr_SESSION_free(session);
}

TEST_F(ExData, FunctionsRunOnceForEverySessionAlsoWithoutAValue) {
  watch_deaths();
  LR_SESSION* session = make("a");
  LR_SESSION* copy = lr_SESSION_dup(session);
  lr_SESSION_free(session);
  lr_SESSION_free(copy);
  EXPECT_EQ(told(), "born born free(a) free(a)");
}

TEST_F(ExData, ThereAre32Indices) {
  int last = 0;
  for (int i = 0; i < 40; ++i) {
    const int index = lr_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    if (index >= 0) last = index;
  }
  EXPECT_EQ(last, 31);
  EXPECT_EQ(lr_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr), -1);
}

}  // namespace
}  // namespace lr::testing
