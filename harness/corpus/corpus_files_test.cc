// corpus/ is whole: traces, the table of bugs and the expectations speak of the same things.

#include "harness/corpus/corpus_files.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/cli/trace_format.h"

namespace lastref {
namespace {

std::set<std::string> names_of(const std::vector<CorpusTrace>& traces) {
  std::set<std::string> names;
  for (const CorpusTrace& trace : traces) names.insert(trace.name);
  return names;
}

std::string lower(std::string word) {
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return word;
}

// Whether the name of a regression begins with the id of a bug: a letter and two digits.
bool has_id(std::string_view file) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return file.size() > 4 && file[0] >= 'a' && file[0] <= 'z' && digit(file[1]) && digit(file[2]) &&
         file[3] == '-';
}

TEST(CorpusFiles, TracesAreCanonicalAndSayWhereTheyAreFrom) {
  for (const CorpusTrace& trace : corpus_traces()) {
    SCOPED_TRACE("corpus/" + trace.name + ".trace");
    EXPECT_EQ(format_trace(trace.text, trace.program), trace.text)
        << "found another layout than the canonical; run 'lastref format --write' on it";
    EXPECT_TRUE(trace.text.starts_with("# "))
        << "found no comment at the top; expected the page, or the public bug, that it is from";
    if (trace.name.starts_with("seeds/")) {
      EXPECT_NE(trace.text.substr(0, trace.text.find("lastref 1")).find("(3)"), std::string::npos)
          << "found no page of the manual in the comment; expected SSL_...(3): ...";
    }
  }
}

TEST(CorpusFiles, MisuseStandsWhereItBelongs) {
  for (const CorpusTrace& trace : corpus_traces()) {
    SCOPED_TRACE("corpus/" + trace.name + ".trace");
    const bool declared = trace.program.misuse != Misuse::kNone;
    EXPECT_TRUE(declared || !trace.name.starts_with("misuse/")) << "add 'misuse KIND at N'";
    EXPECT_FALSE(declared && trace.name.starts_with("seeds/")) << "move it to corpus/misuse";
  }
}

TEST(CorpusFiles, ExpectationsAreOfTracesThatExist) {
  const Expectations expectations = corpus_expectations();
  const std::set<std::string> names = names_of(corpus_traces());
  for (const auto& [name, trace] : expectations.of) {
    EXPECT_EQ(names.count(name), 1U) << "corpus/expected.txt:" << trace.line << ": found no corpus/"
                                     << name << ".trace; rename or delete";
  }
}

// What a misuse comes to is no default, and being clean is the default of everything else.
TEST(CorpusFiles, ExpectationsAreStatedWhereTheyAreNeeded) {
  const Expectations expectations = corpus_expectations();
  for (const CorpusTrace& trace : corpus_traces()) {
    const bool misuse = trace.program.misuse != Misuse::kNone;
    for (const std::string& target : expectations.targets) {
      SCOPED_TRACE("corpus/" + trace.name + ".trace on " + target);
      const ExpectedResult* expectation = expectations.find(trace.name, target);
      if (misuse) {
        EXPECT_NE(expectation, nullptr)
            << "found a misuse without an expectation; add '" << target
            << " = any', or what it comes to, under [" << trace.name << "] in corpus/expected.txt";
        if (expectation == nullptr) continue;
        EXPECT_EQ(expectation->entry, "") << "corpus/expected.txt:" << expectation->line
                                          << ": no finding explains a misuse; delete 'by'";
      } else if (expectation != nullptr) {
        const std::string place = "corpus/expected.txt:" + std::to_string(expectation->line);
        EXPECT_NE(expectation->kind, ExpectedResult::Kind::kClean)
            << place << ": that is the default; delete it";
        EXPECT_NE(expectation->kind, ExpectedResult::Kind::kAny)
            << place << ": a program that breaks no rule has one verdict; state it";
        EXPECT_TRUE(expectation->kind != ExpectedResult::Kind::kSignature ||
                    !expectation->entry.empty())
            << place << ": found a finding that nothing explains; expected 'by' and an entry of "
            << "corpus/baseline";
      }
    }
  }
}

TEST(CorpusFiles, TableOfBugsNamesTracesThatExist) {
  const std::set<std::string> names = names_of(corpus_traces());
  for (const PublicBug& bug : corpus_bugs().bugs) {
    for (const std::string& trace : bug.traces) {
      SCOPED_TRACE("corpus/bugs.md:" + std::to_string(bug.line) + ": " + trace);
      EXPECT_EQ(names.count(trace), 1U) << "found no such trace; rename or delete it";
      EXPECT_TRUE(trace.starts_with("regressions/" + lower(bug.id) + "-"))
          << "a trace of " << bug.id << " begins with its id";
    }
  }
}

TEST(CorpusFiles, EveryRegressionWithAnIdIsInTheTableOfBugs) {
  std::set<std::string> listed;
  for (const PublicBug& bug : corpus_bugs().bugs) {
    listed.insert(bug.traces.begin(), bug.traces.end());
  }
  const std::string folder = "regressions/";
  for (const CorpusTrace& trace : corpus_traces()) {
    if (!trace.name.starts_with(folder) || !has_id(trace.name.substr(folder.size()))) continue;
    EXPECT_EQ(listed.count(trace.name), 1U)
        << "corpus/" << trace.name
        << ".trace: found in no row of corpus/bugs.md; add it to its bug";
  }
}

TEST(CorpusFiles, SumsOfTheTableOfBugsAreRight) {
  const BugTable table = corpus_bugs();
  ASSERT_FALSE(table.bugs.empty()) << "corpus/bugs.md: found no row of a bug";
  std::map<std::string, int> missing;
  for (const PublicBug& bug : table.bugs) {
    for (const std::string& thing : bug.missing) ++missing[thing];
  }
  EXPECT_EQ(table.missing, missing) << "corpus/bugs.md: mend the table of what is missing";
  EXPECT_EQ(table.summary, summary_of(table.bugs)) << "corpus/bugs.md: mend the sentence";
}

}  // namespace
}  // namespace lastref
