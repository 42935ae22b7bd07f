#include "harness/cli/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "harness/cli/exit_code.h"
#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

TEST(ReadFile, ReadsAllOfIt) {
  const ScratchDirectory scratch;
  const std::string text(100000, 'x');
  EXPECT_EQ(read_file(scratch.write("a", text), text.size()), text);
}

TEST(ReadFile, RefusesOneThatIsTooLong) {
  const ScratchDirectory scratch;
  EXPECT_THROW(read_file(scratch.write("a", "123456"), 5), Failure);
}

TEST(ReadFile, RefusesADirectory) {
  const ScratchDirectory scratch;
  EXPECT_THROW(read_file(scratch.path(), 100), Failure);
}

TEST(OutputFile, LeavesAnExistingFileAloneUntilItIsWritten) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("a", "before");
  {
    OutputFile file(path);
    EXPECT_EQ(contents(path), "before");
    file.write("now");
  }
  EXPECT_EQ(contents(path), "now");
}

TEST(OutputFile, TakesAwayWhatItMadeAndDidNotWrite) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/a";
  { const OutputFile file(path); }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(OutputFile, MovesWithItsFile) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/a";
  OutputFile target;
  EXPECT_FALSE(target.is_open());
  target = OutputFile(path);
  EXPECT_TRUE(target.is_open());
  target.write("text");
  EXPECT_EQ(contents(path), "text");
}

TEST(OutputFile, FullDiskIsAFailureToRun) {
  OutputFile file("/dev/full");
  try {
    file.write("text");
    FAIL() << "nothing was thrown";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::kCouldNotRun);
  }
}

TEST(OutputFile, WrongPathIsAUsageError) {
  try {
    const OutputFile file("/nonesuch/a");
    FAIL() << "nothing was thrown";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace lastref
