// `lastref build-adapter` with the real program, a compiler and the OpenSSL that it was built with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/bin/lastref";
const std::string kLibraries = fs::path(LASTREF_OPENSSL_SSL).parent_path().string();

ProcessResult lastref(const std::vector<std::string>& words) {
  Invocation invocation;
  invocation.words = {kProgram};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  return run_program_in_shell(invocation);
}

class BuildAdapter : public testing::Test {
 protected:
  void TearDown() override { unsetenv("CXX"); }

  ProcessResult build(const std::string& adapter, const std::string& include,
                      const std::string& library) const {
    return lastref(
        {"build-adapter", adapter, "--include", include, "--library", library, "-o", output_});
  }

  const ScratchDirectory scratch_;
  const std::string output_ = scratch_.path() + "/lastref-target-openssl.so";
};

TEST_F(BuildAdapter, MakesATargetThatRuns) {
  const ProcessResult built = build("openssl", LASTREF_OPENSSL_INCLUDE, kLibraries);
  ASSERT_EQ(built.code, 0) << built.out << built.err;
  EXPECT_THAT(built.out,
              AllOf(HasSubstr("openssl_adapter.cc"), HasSubstr(output_ + ": OpenSSL 3")));
  const ProcessResult checked = lastref({"check", output_, "--budget", "50"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

TEST_F(BuildAdapter, HeadersThatDoNotFitShowWhatTheCompilerSays) {
  fs::create_directory(scratch_.path() + "/openssl");
  scratch_.write("openssl/ssl.h", "#error this is no library\n");
  const ProcessResult built = build("openssl", scratch_.path(), kLibraries);
  EXPECT_EQ(built.code, 3);
  EXPECT_THAT(built.err,
              AllOf(HasSubstr("this is no library"), HasSubstr("the compiler ended with"),
                    HasSubstr("does not fit these headers")));
  EXPECT_FALSE(fs::exists(output_));
}

TEST_F(BuildAdapter, MissingCompilerIsNamed) {
  setenv("CXX", "/nowhere/c++ -O1", 1);
  const ProcessResult built = build("openssl", LASTREF_OPENSSL_INCLUDE, kLibraries);
  EXPECT_EQ(built.code, 3);
  EXPECT_THAT(built.err, HasSubstr("cannot run the compiler '/nowhere/c++'"));
}

TEST_F(BuildAdapter, DirectoryWithoutTheLibraryIsNamed) {
  const ProcessResult built = build("openssl", LASTREF_OPENSSL_INCLUDE, scratch_.path());
  EXPECT_EQ(built.code, 3);
  EXPECT_THAT(built.err, HasSubstr("expected libssl.so or one libssl.so.VERSION"));
}

TEST_F(BuildAdapter, AdapterWithoutSourcesIsWrongUsage) {
  const ProcessResult built = build("opensl", LASTREF_OPENSSL_INCLUDE, kLibraries);
  EXPECT_EQ(built.code, 2);
  EXPECT_THAT(built.err, AllOf(HasSubstr("found 'opensl'"), HasSubstr("openssl")));
  EXPECT_EQ(build("reference", LASTREF_OPENSSL_INCLUDE, kLibraries).code, 2);
}

TEST_F(BuildAdapter, DirectoriesThatAreNoneAreWrongUsage) {
  EXPECT_EQ(build("openssl", "/nowhere", kLibraries).code, 2);
  EXPECT_EQ(build("openssl", LASTREF_OPENSSL_INCLUDE, "/nowhere").code, 2);
}

}  // namespace
}  // namespace lastref
