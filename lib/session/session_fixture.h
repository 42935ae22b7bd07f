// What the library's tests share: memory that counts its blocks and fails on demand, and a log of
// what the library told the application.
#ifndef LASTREF_LIB_SESSION_SESSION_FIXTURE_H_
#define LASTREF_LIB_SESSION_SESSION_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "lastref/session.h"

namespace lr::testing {

// Blocks that the library has and has not released.
long live_blocks();

// From here on the n-th allocation fails, the next being 1, and with `persistent` all after it.
// 0 stops that.
void fail_allocation(long n, bool persistent = false);
// Whether one has failed since.
bool allocation_failed();

// A session's name in these tests: the first byte of its id, "-" for an empty one.
std::string name_of(const LR_SESSION* session);

// The whole cache in one line, from the latest expiry to the earliest, with all references to each
// session: "b:2 a:1". Checks on the way that its links agree with each other.
std::string line_of(LR_CTX* context);

std::uint32_t references(const LR_SESSION* session);

// An ex_data index whose functions write "born" and "free(a)" to the log, while a test that wants
// that runs.
int logging_index();

// Every test: no block is left behind, and the ledger has accused nobody.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest();
  ~SessionTest() override;

  // A session with an id of one byte, or none, at a time and for a timeout in seconds.
  LR_SESSION* make(std::string_view id, long time = 1000, long timeout = 300);

  // Writes "remove(a)" to the log when a session is removed from the context.
  static void watch(LR_CTX* context);
  // Writes "free(a)" to the log when a session dies.
  static void watch_deaths();

  // The log so far, words separated by spaces; it is then empty.
  static std::string told();

 private:
  long blocks_;
};

}  // namespace lr::testing

#endif  // LASTREF_LIB_SESSION_SESSION_FIXTURE_H_
