#include "harness/cli/adapter_recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "harness/cli/exit_code.h"
#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::kCouldNotRun);
    return failure.what();
  }
  return "nothing was thrown";
}

std::string error_of(const std::string& text) {
  return message_of([&] { parse_recipe(text, "a.txt"); });
}

TEST(AdapterRecipe, HasWordsForEachKey) {
  const AdapterRecipe recipe = parse_recipe(
      "lastref-adapter 1\nsources = a/b.cc c.cc\nlibraries = ssl crypto\nincludes =\n"
      "options = -include x.h\n",
      "a.txt");
  EXPECT_THAT(recipe.sources, ElementsAre("a/b.cc", "c.cc"));
  EXPECT_THAT(recipe.libraries, ElementsAre("ssl", "crypto"));
  EXPECT_THAT(recipe.includes, IsEmpty());
  EXPECT_THAT(recipe.options, ElementsAre("-include", "x.h"));
}

TEST(AdapterRecipe, AnythingElseNamesItsLine) {
  EXPECT_THAT(error_of("lastref-adapter 2\n"), HasSubstr("a.txt:1: found 'lastref-adapter 2'"));
  EXPECT_THAT(error_of("lastref-adapter 1\nsource = a.cc\n"), HasSubstr("a.txt:2: found 'source"));
  EXPECT_THAT(error_of("lastref-adapter 1\nsources\n"), HasSubstr("a.txt:2: found 'sources'"));
  EXPECT_THAT(error_of("lastref-adapter 1\nsources = a.cc\n"), HasSubstr("no libraries"));
  EXPECT_THAT(error_of(""), HasSubstr("no sources"));
}

class LibraryFile : public testing::Test {
 protected:
  std::string found() const { return library_file(scratch_.path(), "ssl").filename().string(); }
  std::string error() const {
    return message_of([this] { library_file(scratch_.path(), "ssl"); });
  }
  const ScratchDirectory scratch_;
};

TEST_F(LibraryFile, IsTheOneForLinkingIfThereIsOne) {
  scratch_.write("libssl.so", "");
  scratch_.write("libssl.so.3", "");
  EXPECT_EQ(found(), "libssl.so");
}

TEST_F(LibraryFile, IsElseTheOneForLoading) {
  scratch_.write("libssl.so.3", "");
  scratch_.write("libssl3.so", "");
  EXPECT_EQ(found(), "libssl.so.3");
}

TEST_F(LibraryFile, OfTwoVersionsNoneIsChosen) {
  scratch_.write("libssl.so.1.1", "");
  scratch_.write("libssl.so.3", "");
  EXPECT_THAT(error(), HasSubstr("found libssl.so.1.1, libssl.so.3, expected libssl.so or one"));
}

TEST_F(LibraryFile, IsMissedByName) {
  EXPECT_THAT(error(), AllOf(HasSubstr(scratch_.path() + ": found neither"),
                             HasSubstr("unpack the library's package there")));
}

}  // namespace
}  // namespace lastref
