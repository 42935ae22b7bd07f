// --library, with the real program, the OpenSSL that it was built with, and copies of that.

#include "harness/cli/library_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/bin/lastref";
constexpr const char* kTrace = "lastref 1\ns0 = new\nfree s0\n";

ProcessResult lastref(std::vector<std::string> words, const std::string& input = "") {
  Invocation invocation;
  invocation.words = {kProgram};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.input = input;
  return run_program_in_shell(invocation);
}

// Copies what a library's development file leads to, under the name by which it is loaded. Links
// are not enough: the library beside the original would be found through them.
void unpack(const char* library, const ScratchDirectory& into) {
  const fs::path file = fs::canonical(library);
  fs::copy_file(file, fs::path(into.path()) / file.filename());
}

class LibraryChoice : public testing::Test {
 protected:
  void unpack_all() const {
    unpack(LASTREF_OPENSSL_SSL, directory_);
    unpack(LASTREF_OPENSSL_CRYPTO, directory_);
  }

  const ScratchDirectory directory_;
};

TEST_F(LibraryChoice, TargetRunsOnTheLibraryInTheDirectory) {
  unpack_all();
  const ProcessResult result =
      lastref({"check", "openssl", "--budget", "50", "--library", directory_.path()});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("OpenSSL 3"));
}

TEST_F(LibraryChoice, EveryVerbThatStartsATargetTakesIt) {
  unpack_all();
  const ScratchDirectory scratch;
  const std::string trace = scratch.write("a.trace", kTrace);
  for (std::vector<std::string> words :
       std::vector<std::vector<std::string>>{{"run", trace, "--target", "openssl"},
                                             {"shrink", trace, "--target", "openssl"},
                                             {"contract", "openssl"},
                                             {"targets"}}) {
    words.insert(words.end(), {"--library", directory_.path()});
    const ProcessResult result = lastref(words);
    EXPECT_EQ(result.code, 0) << words[0] << ": " << result.out << result.err;
    EXPECT_THAT(result.err, testing::Not(HasSubstr("cannot"))) << words[0];
  }
}

TEST_F(LibraryChoice, ProgramOnTheStandardInputIsStillReadByTheFreshProcess) {
  unpack_all();
  const ProcessResult result =
      lastref({"run", "-", "--target", "openssl", "--library", directory_.path()}, kTrace);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(": clean\n"));
}

TEST_F(LibraryChoice, HalfAPackageIsRefusedWithWhatWasLoadedInstead) {
  unpack(LASTREF_OPENSSL_SSL, directory_);
  const ProcessResult result =
      lastref({"check", "openssl", "--budget", "1", "--library", directory_.path()});
  EXPECT_EQ(result.code, 3) << result.out;
  EXPECT_THAT(result.err, AllOf(HasSubstr("found libcrypto.so"),
                                HasSubstr("expected it in " + directory_.path()),
                                HasSubstr("which holds libssl.so")));
}

TEST_F(LibraryChoice, DirectoryThatIsNotThereIsWrongUsage) {
  const ProcessResult result = lastref({"contract", "openssl", "--library", "/nowhere"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("--library: found '/nowhere', expected the directory"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(LibraryChoice, FileIsWrongUsage) {
  const ProcessResult result =
      lastref({"contract", "openssl", "--library", directory_.write("libssl.so", "")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("name the directory that the file is in"));
}

TEST_F(LibraryChoice, PathThatTheLoaderWouldSplitIsWrongUsage) {
  const std::string path = directory_.path() + "/a:b";
  fs::create_directory(path);
  const ProcessResult result = lastref({"contract", "openssl", "--library", path});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("name it by a link"));
}

}  // namespace
}  // namespace lastref
