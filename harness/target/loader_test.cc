#include "harness/target/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace lastref {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::filesystem::path kAdapters =
    std::filesystem::path(LASTREF_BINARY_DIR) / "tests/harness/target/adapters";

class LoaderTest : public ::testing::Test {
 protected:
  void SetUp() override { setenv("LASTREF_TARGET_PATH", kAdapters.c_str(), 1); }

  static std::string open_error(const std::string& name) {
    LoadedTarget target;
    std::string error = target.open(name);
    EXPECT_EQ(error.empty(), target.is_open());
    return error;
  }

  static std::string start_error(const std::string& name) {
    LoadedTarget target;
    EXPECT_THAT(target.open(name), IsEmpty());
    lastref_host host{};
    host.size = sizeof host;
    host.abi = LASTREF_TARGET_ABI;
    return target.start(host);
  }
};

TEST_F(LoaderTest, OpensByName) {
  LoadedTarget target;
  ASSERT_THAT(target.open("sound"), IsEmpty());
  EXPECT_STREQ(target.target().name, "fake");
  EXPECT_EQ(target.path(), kAdapters / "lastref-target-sound.so");
}

TEST_F(LoaderTest, OpensByPath) {
  EXPECT_THAT(open_error((kAdapters / "lastref-target-sound.so").string()), IsEmpty());
}

TEST_F(LoaderTest, OpensByRelativePath) {
  std::filesystem::current_path(kAdapters);
  EXPECT_THAT(open_error("./lastref-target-sound.so"), IsEmpty());
}

TEST_F(LoaderTest, MovesWithItsTarget) {
  LoadedTarget from;
  ASSERT_THAT(from.open("sound"), IsEmpty());
  const LoadedTarget to = std::move(from);
  EXPECT_TRUE(to.is_open());
  EXPECT_STREQ(to.target().name, "fake");
}

TEST_F(LoaderTest, UnknownNameListsWhatThereIs) {
  EXPECT_THAT(
      open_error("sund"),
      AllOf(StartsWith("found no target 'sund', expected lastref-target-sund.so in one of "),
            HasSubstr(kAdapters.string()), HasSubstr("no-symbol, "), HasSubstr("sound"),
            HasSubstr("set LASTREF_TARGET_PATH")));
}

TEST_F(LoaderTest, EmptyNameIsNoTarget) {
  EXPECT_THAT(open_error(""), StartsWith("found no target ''"));
}

TEST_F(LoaderTest, MissingFile) {
  EXPECT_THAT(open_error("./absent.so"), HasSubstr("'./absent.so': there is no such file"));
}

TEST_F(LoaderTest, DirectoryIsNoFile) {
  EXPECT_THAT(open_error(kAdapters.string()), HasSubstr("it is not a file"));
}

TEST_F(LoaderTest, UnreadableFile) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads every file";
  const auto path = std::filesystem::path(::testing::TempDir()) / "lastref-target-locked.so";
  std::ofstream(path) << "locked";
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  EXPECT_THAT(open_error(path.string()), HasSubstr("Permission denied"));
  std::filesystem::remove(path);
}

TEST_F(LoaderTest, FileThatIsNoLibrary) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "lastref-target-text.so";
  std::ofstream(path) << "this is text";
  EXPECT_THAT(open_error(path.string()), AllOf(StartsWith("cannot load the target '"),
                                               HasSubstr("lastref-target-text.so': ")));
  std::filesystem::remove(path);
}

TEST_F(LoaderTest, MissingLibraryIsNamed) {
  EXPECT_THAT(open_error("no-library"),
              AllOf(HasSubstr("liblastref_fake_absent.so"), HasSubstr("install what is missing")));
}

TEST_F(LoaderTest, MissingSymbol) {
  EXPECT_THAT(open_error("no-symbol"),
              AllOf(HasSubstr("is no target"), HasSubstr("no function lastref_target_open")));
}

TEST_F(LoaderTest, WrongAbi) {
  EXPECT_THAT(open_error("wrong-abi"), HasSubstr("found ABI 2, expected 1; rebuild it"));
}

TEST_F(LoaderTest, AdapterThatRefusesTheAbi) {
  EXPECT_THAT(open_error("refuses-abi"), HasSubstr("it does not speak ABI 1; rebuild it"));
}

TEST_F(LoaderTest, StructThatIsTooSmall) {
  EXPECT_THAT(open_error("small"), HasSubstr("bytes, expected at least"));
}

TEST_F(LoaderTest, EmptyMember) {
  EXPECT_THAT(open_error("no-perform"), HasSubstr("leaves 'perform' empty"));
  EXPECT_THAT(open_error("no-name"), HasSubstr("leaves 'name' empty"));
}

TEST_F(LoaderTest, StartThatFailsGivesItsReason) {
  EXPECT_EQ(start_error("start-fails"),
            "the target 'fake' could not start: the fake wants no start");
  EXPECT_EQ(start_error("start-fails-silently"),
            "the target 'fake' could not start: it gave no reason");
  EXPECT_THAT(start_error("sound"), IsEmpty());
}

TEST_F(LoaderTest, ListsEachNameOnceInOrder) {
  setenv("LASTREF_TARGET_PATH", (kAdapters.string() + ":" + kAdapters.string()).c_str(), 1);
  const std::vector<TargetFile> files = list_targets();
  EXPECT_THAT(files, Contains(Field(&TargetFile::name, "sound")).Times(1));
  for (std::size_t i = 1; i < files.size(); ++i) EXPECT_LT(files[i - 1].name, files[i].name);
}

TEST_F(LoaderTest, FirstDirectoryWins) {
  const auto directory = std::filesystem::path(::testing::TempDir()) / "lastref_first";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "lastref-target-sound.so") << "another";
  setenv("LASTREF_TARGET_PATH", (directory.string() + ":" + kAdapters.string()).c_str(), 1);
  TargetFile file;
  EXPECT_THAT(find_target("sound", file), IsEmpty());
  EXPECT_EQ(file.path, directory / "lastref-target-sound.so");
  std::filesystem::remove_all(directory);
}

TEST_F(LoaderTest, MissingDirectoriesAndOtherFilesAreNoTargets) {
  setenv("LASTREF_TARGET_PATH", "/absent::relative", 1);
  for (const TargetFile& file : list_targets()) EXPECT_NE(file.name, "sound");
  EXPECT_EQ(target_search_path().at(0), "/absent");
  EXPECT_EQ(target_search_path().at(1), "relative");
}

TEST_F(LoaderTest, BuildTreeIsSearchedWithoutAVariable) {
  unsetenv("LASTREF_TARGET_PATH");
  const auto executable = std::filesystem::read_symlink("/proc/self/exe");
  EXPECT_EQ(target_search_path().at(0), executable.parent_path().parent_path() / "targets");
  EXPECT_EQ(target_search_path().size(), 2U);
}

}  // namespace
}  // namespace lastref
