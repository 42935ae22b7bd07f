// Every trace of corpus/ on every target that was built, against corpus/expected.txt.

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/cli/baseline.h"
#include "harness/cli/target_choice.h"
#include "harness/corpus/corpus_files.h"
#include "harness/generate/check.h"
#include "harness/model/model.h"

namespace lastref {
namespace {

// In the words of corpus/expected.txt.
std::string seen(const ProgramReport& report) {
  if (!report.could_not_run.empty()) return "could not run: " + report.could_not_run;
  if (!report.internal_error.empty()) return "internal error: " + report.internal_error;
  if (!report.lacks.empty()) return "left-out";
  if (report.symptoms.empty()) return "clean";
  return text(signature(report.symptoms.cause()));
}

bool ran(const ProgramReport& report) {
  return report.could_not_run.empty() && report.internal_error.empty() && report.lacks.empty();
}

bool as_expected(const ProgramReport& report, const ExpectedResult& wanted) {
  if (wanted.kind == ExpectedResult::Kind::kAny) return ran(report);
  if (wanted.kind != ExpectedResult::Kind::kSignature) return seen(report) == text(wanted);
  return std::count(wanted.signatures.begin(), wanted.signatures.end(), seen(report)) > 0;
}

class CorpusRun : public testing::TestWithParam<std::string> {
 protected:
  CorpusRun() {
    std::string error;
    version_ = target_version(path_, &error);
    EXPECT_EQ(error, "");
    entries_ = Baseline::load(std::string(kCorpus) + "/baseline").of(target_, version_);
  }

  // What the trace comes to on this version of the library: a finding is there as long as the
  // entry of the baseline that explains it.
  ExpectedResult expected(const CorpusTrace& trace) const {
    const ExpectedResult* stated = expectations_.find(trace.name, target_);
    if (stated == nullptr) return {};
    if (!stated->entry.empty() && entry_named(stated->entry) == nullptr) return {};
    return *stated;
  }

  const BaselineEntry* entry_named(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [name](const auto& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
  }

  void run(const CorpusTrace& trace) const {
    const ExpectedResult wanted = expected(trace);
    const ProgramReport report = run_program(path_, trace.program, Hazards{});
    EXPECT_TRUE(as_expected(report, wanted))
        << "found " << seen(report) << ", expected " << text(wanted)
        << "; look at it with 'lastref run', then mend the cause or state it in "
           "corpus/expected.txt";
    if (!ran(report)) return;
    check_rule(trace.program, report);
    if (trace.program.misuse == Misuse::kNone) check_explained(trace.program, wanted);
  }

  // A rule is broken where the header says so, and nowhere else.
  static void check_rule(const Program& program, const ProgramReport& report) {
    const bool misuse = program.misuse != Misuse::kNone;
    // A finding on the way there ends the judging; that it is the one expected was looked at.
    const bool ended = report.illegal_operation < 0 && !report.symptoms.empty() &&
                       report.symptoms.cause().operation < program.misuse_at;
    if (misuse && ended) return;
    EXPECT_EQ(report.illegal_operation, misuse ? program.misuse_at : -1)
        << "counted from 0: a rule is broken at another operation than the header says; "
        << report.illegal_reason;
    EXPECT_EQ(name(report.misuse_verdict), name(verdict_of(program.misuse)));
  }

  // With every known finding of the library expected, nothing is left to be found.
  void check_explained(const Program& program, const ExpectedResult& wanted) const {
    const BaselineEntry* entry = entry_named(wanted.entry);
    for (const std::string& signature : wanted.signatures) {
      const std::vector<std::string> known =
          entry == nullptr ? std::vector<std::string>() : entry->signatures;
      EXPECT_EQ(std::count(known.begin(), known.end(), signature), 1)
          << "corpus/expected.txt:" << wanted.line << ": found no '" << signature << "' in ["
          << wanted.entry << "] of corpus/baseline; name the entry that has it";
    }
    if (entries_.empty()) return;
    const ProgramReport report = run_program(path_, program, hazards_of(entries_));
    if (report.illegal_reason == name(Legality::kHazard)) return;
    EXPECT_EQ(seen(report), "clean") << "with the hazards of all known findings on";
    EXPECT_EQ(report.illegal_operation, -1) << report.illegal_reason;
  }

  const std::string path_ = GetParam();
  const std::string target_ = target_name(path_);
  const Expectations expectations_ = corpus_expectations();
  std::string version_;
  std::vector<BaselineEntry> entries_;
};

TEST_P(CorpusRun, ComesToWhatIsExpected) {
  ASSERT_EQ(std::count(expectations_.targets.begin(), expectations_.targets.end(), target_), 1)
      << "corpus/expected.txt: found nothing of " << target_ << "; add it to the line of targets";
  for (const CorpusTrace& trace : corpus_traces()) {
    SCOPED_TRACE("corpus/" + trace.name + ".trace on " + target_ + " (" + version_ + ")");
    run(trace);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = target_name(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Targets, CorpusRun, testing::ValuesIn(built_adapters(LASTREF_BINARY_DIR)),
                         test_name);

}  // namespace
}  // namespace lastref
