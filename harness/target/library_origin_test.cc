#include "harness/target/library_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/target/loader.h"

namespace lastref {
namespace {

using ::testing::AllOf;
using ::testing::ExitedWithCode;
using ::testing::HasSubstr;

constexpr int kOpened = 0;
constexpr int kRefused = 3;

const std::string kAdapters = LASTREF_BINARY_DIR "/tests/harness/target/adapters";
const std::string kLibrary = LASTREF_BINARY_DIR "/tests/harness/target/adapter_library";

// Ends the process, for what is loaded once stays loaded: each test opens in one of its own.
[[noreturn]] void open_and_exit(const std::string& adapter, const std::string& directory) {
  setenv("LASTREF_TARGET_PATH", kAdapters.c_str(), 1);
  setenv(kLibraryVariable, directory.c_str(), 1);
  LoadedTarget target;
  std::fputs(target.open(adapter).c_str(), stderr);
  std::_Exit(target.is_open() ? kOpened : kRefused);
}

TEST(LibraryOriginDeathTest, LibraryFromElsewhereIsRefusedByName) {
  EXPECT_EXIT(open_and_exit("with-library", kAdapters), ExitedWithCode(kRefused),
              AllOf(HasSubstr("found liblastref_fake_present.so loaded from " + kLibrary +
                              "/liblastref_fake_present.so, expected it in " + kAdapters +
                              ", which holds lastref-target-"),
                    HasSubstr(", ...; unpack")));
}

TEST(LibraryOriginDeathTest, LibraryOfTheDirectoryIsTaken) {
  EXPECT_EXIT(open_and_exit("with-library", kLibrary), ExitedWithCode(kOpened), "");
}

TEST(LibraryOriginDeathTest, DirectoryWhoseNameBeginsTheSameIsAnotherOne) {
  EXPECT_EXIT(open_and_exit("with-library", kLibrary.substr(0, kLibrary.size() - 1)),
              ExitedWithCode(kRefused), HasSubstr("which holds no library"));
}

TEST(LibraryOriginDeathTest, AdapterWithoutALibraryHasNoOtherVersion) {
  EXPECT_EXIT(open_and_exit("sound", kAdapters), ExitedWithCode(kRefused),
              HasSubstr("found no shared library that it needs"));
}

TEST(LibraryOriginDeathTest, AdapterThatDoesNotFitTheDirectoryNamesTheWayToOneThatDoes) {
  EXPECT_EXIT(open_and_exit("no-library", kAdapters), ExitedWithCode(kRefused),
              HasSubstr("'lastref build-adapter'"));
}

TEST(LibraryOriginDeathTest, WithoutADirectoryAnyOriginIsGood) {
  EXPECT_EXIT(open_and_exit("with-library", ""), ExitedWithCode(kOpened), "");
}

}  // namespace
}  // namespace lastref
