#include "harness/execute/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace lastref {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string log_path() { return testing::TempDir() + "child-" + std::to_string(getpid()); }

std::string logged() {
  std::ifstream file(log_path());
  return {std::istreambuf_iterator<char>(file), {}};
}

ChildProcess shell(const std::string& script) {
  return ChildProcess({"/bin/sh", "-c", script}, log_path());
}

TEST(ChildProcess, KeepsBothOutputsAndTheExitCode) {
  ChildProcess child = shell("echo out; echo err >&2; exit 7");
  ASSERT_TRUE(child.wait_for(seconds(10)));
  EXPECT_EQ(child.exit_code(), 7);
  EXPECT_EQ(logged(), "out\nerr\n");
}

TEST(ChildProcess, HasNothingToRead) {
  ChildProcess child = shell("cat");
  EXPECT_TRUE(child.wait_for(seconds(10)));
}

TEST(ChildProcess, ASignalShowsInTheExitCode) {
  ChildProcess child = shell("kill -SEGV $$");
  ASSERT_TRUE(child.wait_for(seconds(10)));
  EXPECT_EQ(child.exit_code(), kEndedBySignal + SIGSEGV);
}

TEST(ChildProcess, WhatIsNoProgramExitsAsInAShell) {
  ChildProcess child({"/nowhere/program"}, log_path());
  ASSERT_TRUE(child.wait_for(seconds(10)));
  EXPECT_EQ(child.exit_code(), kNotExecuted);
}

TEST(ChildProcess, IsStoppedWithWhatItStartedAlthoughItWillNotEnd) {
  ChildProcess child = shell("trap '' TERM; sleep 1000 & echo $!; wait; wait");
  while (logged().empty()) usleep(1000);
  const pid_t started = std::stoi(logged());
  child.stop();
  EXPECT_FALSE(child.running());
  EXPECT_EQ(child.exit_code(), kEndedBySignal + SIGKILL);
  for (int i = 0; i < 1000 && kill(started, 0) == 0; ++i) usleep(10000);
  EXPECT_EQ(kill(started, 0), -1);
}

TEST(ChildProcess, ALogThatCannotBeWrittenIsAnError) {
  EXPECT_THROW(ChildProcess({"/bin/true"}, "/nowhere/log"), std::system_error);
}

}  // namespace
}  // namespace lastref
