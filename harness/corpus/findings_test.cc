// docs/findings.md: every finding of the baseline stands there, and its command says what stands
// below it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/subprocess.h"
#include "harness/cli/target_choice.h"
#include "harness/corpus/corpus_files.h"
#include "harness/corpus/split.h"
#include "harness/generate/check.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr const char* kProgram = "build/release/bin/lastref";
constexpr const char* kThisProgram = LASTREF_BINARY_DIR "/bin/lastref";
const std::string kRoot = std::string(LASTREF_SOURCE_DIR) + "/";

// What stands below "## TARGET/ENTRY".
struct Section {
  std::string command;  // the first line in its sh block
  std::string as_c;     // the second
  std::string says;     // the line in its text block
};

// A line of the block in which `text` has code of that language, counted from 0; empty if it has
// none.
std::string line_of(std::string_view text, std::string_view language, int number = 0) {
  const std::string begin = "```" + std::string(language) + "\n";
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + begin.size());
  for (; number > 0 && text.find('\n') != std::string_view::npos; --number) {
    text.remove_prefix(text.find('\n') + 1);
  }
  return std::string(text.substr(0, text.find('\n')));
}

std::map<std::string, Section> sections() {
  std::map<std::string, Section> found;
  const std::string page = read_file(kRoot + "docs/findings.md", kMaxTraceBytes);
  const std::vector<std::string_view> parts = split(page, "\n## ");
  for (const std::string_view part : std::vector(parts.begin() + 1, parts.end())) {
    const std::string heading(part.substr(0, part.find('\n')));
    if (heading.find('/') == std::string::npos) continue;
    found[heading] = {line_of(part, "sh"), line_of(part, "sh", 1), line_of(part, "text")};
  }
  return found;
}

// A finding that lies behind another one drops that hazard as well.
std::string expected_command(const BaselineEntry& entry) {
  std::string command = std::string(kProgram) + " run corpus/findings/" + entry.name +
                        ".trace --target " + entry.target + " --hazards known,-" + entry.name;
  for (const std::string& hiding : entry.behind) command += ",-" + hiding;
  return command;
}

// Runs a command of the page with this build's program and files.
ProcessResult run(const std::string& command) {
  Invocation invocation;
  for (const std::string_view word : split(command, " ")) {
    const bool file = word.starts_with("corpus/");
    invocation.words.push_back((file ? kRoot : std::string()) + std::string(word));
  }
  invocation.words[0] = kThisProgram;
  return run_program_in_shell(invocation);
}

// Those that are told in public. Of the others the page says the library and the class, and no
// more.
bool is_told(const BaselineEntry& entry) { return entry.outcome != kWithheld; }

std::vector<BaselineEntry> all_entries() { return Baseline::load(kRoot + "corpus/baseline").all(); }

std::vector<BaselineEntry> told_entries() {
  std::vector<BaselineEntry> told;
  for (BaselineEntry& entry : all_entries()) {
    if (is_told(entry)) told.push_back(std::move(entry));
  }
  return told;
}

TEST(FindingsPage, HasASectionForEachEntryOfTheBaselineThatIsToldAndNoOther) {
  std::vector<std::string> headings;
  for (const auto& [heading, section] : sections()) headings.push_back(heading);
  std::vector<std::string> entries;
  for (const BaselineEntry& entry : told_entries()) {
    entries.push_back(entry.target + "/" + entry.name);
  }
  EXPECT_THAT(headings, testing::UnorderedElementsAreArray(entries));
}

TEST(FindingsPage, EachSectionHasItsCommandAndWhatItSays) {
  const std::map<std::string, Section> page = sections();
  for (const BaselineEntry& entry : told_entries()) {
    const auto found = page.find(entry.target + "/" + entry.name);
    if (found == page.end()) continue;  // the test above says so
    EXPECT_EQ(found->second.command, expected_command(entry)) << found->first;
    std::string as_c = found->second.command + " > bug.c";
    as_c.replace(as_c.find(" run "), 5, " reproduce ");
    EXPECT_EQ(found->second.as_c, as_c) << found->first;
    EXPECT_NE(found->second.says, "") << found->first << ": found no block marked text";
  }
}

// The sum of the lines "- LIBRARY VERSION: CLASS, NUMBER, withheld until upstream is told ...".
int withheld_by_the_page() {
  const std::string page = read_file(kRoot + "docs/findings.md", kMaxTraceBytes);
  const std::regex line("\n- [^:,\n]+: [^:,\n]+, ([0-9]+), withheld until upstream is told");
  int sum = 0;
  for (std::sregex_iterator i(page.begin(), page.end(), line), end; i != end; ++i) {
    sum += std::stoi((*i)[1]);
  }
  return sum;
}

TEST(FindingsPage, SaysOfWhatIsWithheldWhoseItIsAndHowManyAndTheEntriesNoMore) {
  int withheld = 0;
  for (const BaselineEntry& entry : all_entries()) {
    if (is_told(entry)) continue;
    ++withheld;
    EXPECT_TRUE(entry.name.starts_with("withheld-")) << entry.name << " says what it is";
    EXPECT_THAT(entry.signatures, testing::IsEmpty()) << entry.name;
    EXPECT_THAT(entry.citations, testing::ElementsAre("docs/disclosure.md")) << entry.name;
    const std::string trace = kRoot + "corpus/findings/" + entry.name + ".trace";
    EXPECT_FALSE(std::filesystem::exists(trace)) << trace;
  }
  EXPECT_EQ(withheld_by_the_page(), withheld);
}

class FindingsReplay : public testing::TestWithParam<std::string> {};

// On a version that the entry is not about, the finding may be gone.
TEST_P(FindingsReplay, EachCommandSaysWhatThePageSays) {
  const std::string target = target_name(GetParam());
  std::string error;
  const std::string version = target_version(GetParam(), &error);
  ASSERT_EQ(error, "");
  const std::map<std::string, Section> page = sections();
  for (const BaselineEntry& entry : Baseline::load(kRoot + "corpus/baseline").of(target, version)) {
    const auto found = page.find(target + "/" + entry.name);
    if (found == page.end()) continue;
    SCOPED_TRACE(found->first + " on " + version);
    const ProcessResult result = run(found->second.command);
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.out, testing::HasSubstr("  " + found->second.says + "\n"));
    EXPECT_THAT(result.out, testing::HasSubstr(".trace on " + target + " (" + version + ")"));
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& of) {
  std::string name = target_name(of.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Targets, FindingsReplay,
                         testing::ValuesIn(built_adapters(LASTREF_BINARY_DIR)), test_name);

}  // namespace
}  // namespace lastref
