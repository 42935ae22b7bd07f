// Every trace of corpus/ as a C program that needs nothing but the library: compiled, run, and held
// against what lastref itself says of the trace. Where lastref finds nothing the program must end
// with 0, which proves its assertions right; where it finds something, the program must show it at
// the same operation.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/subprocess.h"
#include "harness/cli/target_choice.h"
#include "harness/corpus/c_programs.h"
#include "harness/corpus/corpus_files.h"
#include "harness/execute/finding.h"
#include "harness/execute/replay.h"
#include "harness/generate/check.h"
#include "harness/reproduce/dialect.h"
#include "harness/reproduce/reproducer.h"

namespace lastref {
namespace {

// What a shell makes of a signal.
constexpr int kSignalled = 128;

struct Case {
  std::string trace;
  Program program;
  ProgramRun run;
  Checker checker = Checker::kNotNeeded;
};

bool has_valgrind() {
  static const bool has = std::system("command -v valgrind > /dev/null") ==
                          0;  // NOLINT(cert-env33-c): a shell is asked
  return has;
}

// A build directory of another name than that of the comments.
std::string with_build_directory(std::string text) {
  const std::string named = "build/release/";
  for (std::size_t at = 0; (at = text.find(named, at)) != std::string::npos;) {
    text.replace(at, named.size(), std::string(LASTREF_BINARY_DIR) + "/");
    at += sizeof LASTREF_BINARY_DIR;
  }
  return text;
}

std::string file_name(std::string trace) {
  std::ranges::replace(trace, '/', '-');
  return trace;
}

// Traces as C, each on the target that was started last.
class Batch {
 public:
  // The target of the traces that are added from here on. An empty `libraries`: the dialect's.
  void start(const std::string& path, const Dialect& dialect, const std::string& libraries = {},
             Hazards hazards = {}) {
    dialect_ = &dialect;
    libraries_ =
        libraries.empty() ? with_build_directory(std::string(dialect.libraries)) : libraries;
    replay_ = std::make_unique<Replay>(path, hazards);
    const std::string error = replay_->start();
    EXPECT_EQ(error, "");
    started_ = error.empty();
  }

  // Leaves out what the target cannot do, or the dialect.
  void add(const CorpusTrace& trace) {
    const Program& program = trace.program;
    const bool able = (needs(program) & replay_->capabilities()) == needs(program);
    if (!started_ || !able || !program.contract.unmet(replay_->contract()).empty()) return;
    Case of{trace.name, program, replay_->run(program, Replay::Until::kCause).run};
    ReproducerInput input;
    input.dialect = dialect_;
    input.program = program;
    input.contract = replay_->contract();
    input.symptoms = of.run.symptoms;
    input.version = replay_->version();
    const Reproducer made = reproduce(input);
    if (!made.lacks.empty()) {
      lacking_.push_back(trace.name + ": " + made.lacks);
      return;
    }
    of.checker = made.checker;
    CProgram c;
    c.name = file_name(trace.name);
    c.source = made.source;
    c.flags = dialect_->flags;
    c.libraries = libraries_;
    c.checked = made.checker == Checker::kNeeded && has_valgrind();
    programs_.push_back(std::move(c));
    cases_.push_back(of);
  }

  // Those that a lucky heap may have kept from a crash are run again, with valgrind.
  void run(const std::string& directory) {
    run_c_programs(programs_, directory);
    std::vector<CProgram> again;
    for (std::size_t i = 0; i < programs_.size(); ++i) {
      if (!may_be_lucky(i)) continue;
      again.push_back(programs_[i]);
      again.back().checked = true;
    }
    run_c_programs(again, directory);
    for (const CProgram& run : again) {
      *std::ranges::find(programs_, run.name, &CProgram::name) = run;
    }
  }

  bool may_be_lucky(std::size_t i) const {
    return has_valgrind() && cases_[i].checker == Checker::kPerhaps && programs_[i].exit == 0 &&
           cases_[i].run.illegal_operation < 0;
  }

  std::size_t size() const { return cases_.size(); }
  const Case& of(std::size_t i) const { return cases_[i]; }
  const CProgram& program(std::size_t i) const { return programs_[i]; }
  const std::vector<std::string>& lacking() const { return lacking_; }

 private:
  const Dialect* dialect_ = nullptr;
  std::string libraries_;
  std::unique_ptr<Replay> replay_;
  bool started_ = false;
  std::vector<CProgram> programs_;
  std::vector<Case> cases_;
  std::vector<std::string> lacking_;
};

// The program ends as the finding says.
void expect_shown(const Case& of, const CProgram& c) {
  const Symptom& cause = of.run.symptoms.cause();
  switch (cause.what) {
    case Discrepancy::kSignal:
      if (c.checked) {
        EXPECT_NE(c.exit, 0);
      } else {
        EXPECT_EQ(c.exit, kSignalled + static_cast<int>(cause.found));
      }
      return;
    case Discrepancy::kTimeUsedUp:
    case Discrepancy::kAsleep:
      EXPECT_EQ(c.exit, kSignalled + SIGALRM);
      return;
    case Discrepancy::kMemoryUsedUp:
    case Discrepancy::kReadAfterRelease:  // what was read may lead to a crash
      EXPECT_NE(c.exit, 0);
      return;
    default:
      EXPECT_EQ(c.exit, 1);
      if (c.checked) return;  // valgrind tells of blocks and not of operations
      EXPECT_EQ(failed_operation(c), cause.operation + 1);
  }
}

void expect_right(const Case& of, const CProgram& c) {
  EXPECT_EQ(c.compiled, "");
  if (of.run.illegal_operation >= 0) {
    // What a misuse comes to is nobody's promise; but the program is one, and it ends.
    EXPECT_GE(c.exit, 0);
    return;
  }
  if (of.checker == Checker::kNeeded && !has_valgrind()) return;
  if (of.run.symptoms.empty()) {
    EXPECT_EQ(c.exit, 0);
    EXPECT_EQ(c.output, "");
  } else {
    expect_shown(of, c);
  }
}

void expect_all(const Batch& batch, const std::string& target) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Case& of = batch.of(i);
    SCOPED_TRACE(
        fmt::format("corpus/{}.trace on {} as C: {}; exit code {}: {}", of.trace, target,
                    of.run.symptoms.empty() ? "clean" : text(signature(of.run.symptoms.cause())),
                    batch.program(i).exit, batch.program(i).output));
    expect_right(of, batch.program(i));
  }
}

bool is_mutants(const CorpusTrace& trace) { return trace.name.starts_with("seeded/"); }
bool is_misuse(const CorpusTrace& trace) { return trace.program.misuse != Misuse::kNone; }

class Reproducers : public testing::TestWithParam<std::string> {};

TEST_P(Reproducers, ShowWhatLastrefSaysOfTheTrace) {
  const std::string target = target_name(GetParam());
  const Dialect* dialect = dialect_named(target);
  if (dialect == nullptr) GTEST_SKIP() << "there is no dialect of " << target;
  Batch batch;
  batch.start(GetParam(), *dialect);
  for (const CorpusTrace& trace : corpus_traces()) {
    if (!is_misuse(trace)) batch.add(trace);
  }
  const ScratchDirectory scratch;
  batch.run(scratch.path());
  expect_all(batch, target);
  // What no library's allocator is told by a call has no C, nor has a failing source of random
  // bytes.
  for (const std::string& lacking : batch.lacking()) {
    EXPECT_TRUE((dialect->allocator.empty() && lacking.ends_with("allocations that fail")) ||
                lacking.ends_with("a request for random bytes fails"))
        << lacking;
  }
  int findings = 0;
  for (std::size_t i = 0; i < batch.size(); ++i)
    findings += batch.of(i).run.symptoms.empty() ? 0 : 1;
  RecordProperty("programs", static_cast<int>(batch.size()));
  RecordProperty("findings", findings);
  fmt::print("{}: {} programs, of which {} show a finding; {} cannot be written\n", target,
             batch.size(), findings, batch.lacking().size());
  EXPECT_GT(batch.size(), 0U);
}

// "known,-replace-silent": how docs/findings.md shows the finding of a target.
std::string hazards_of_page(const std::string& trace, const std::string& target) {
  const std::string page = read_file(LASTREF_SOURCE_DIR "/docs/findings.md", std::size_t{1} << 20);
  const std::string before =
      fmt::format(" reproduce corpus/findings/{}.trace --target {} --hazards ", trace, target);
  const std::size_t at = page.find(before);
  if (at == std::string::npos) return {};
  const std::size_t from = at + before.size();
  return page.substr(from, page.find_first_of(" \n", from) - from);
}

// As docs/findings.md has it: with all known findings expected but the one.
TEST_P(Reproducers, ShowEachFindingWithTheOthersExpected) {
  const std::string target = target_name(GetParam());
  const Dialect* dialect = dialect_named(target);
  std::string error;
  const std::string version = target_version(GetParam(), &error);
  const std::vector<BaselineEntry> entries =
      Baseline::load(std::string(kCorpus) + "/baseline").of(target, version);
  if (dialect == nullptr || entries.empty()) GTEST_SKIP() << target << " has none";
  const std::vector<CorpusTrace> traces = corpus_traces();
  Batch batch;
  for (const BaselineEntry& entry : entries) {
    const std::string hazards = hazards_of_page(entry.name, target);
    const auto trace = std::ranges::find(traces, "findings/" + entry.name, &CorpusTrace::name);
    if (hazards.empty() || trace == traces.end()) continue;  // it is withheld
    batch.start(GetParam(), *dialect, {}, parse_hazards(hazards).on(hazards_of(entries)));
    const std::size_t before = batch.size();
    batch.add(*trace);
    ASSERT_EQ(batch.size(), before + 1) << entry.name << " cannot be written";
    EXPECT_FALSE(batch.of(before).run.symptoms.empty()) << entry.name;
  }
  const ScratchDirectory scratch;
  batch.run(scratch.path());
  expect_all(batch, target);
  fmt::print("{}: {} findings\n", target, batch.size());
  EXPECT_GT(batch.size(), 0U);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = target_name(info.param);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Targets, Reproducers,
                         testing::ValuesIn(built_adapters(LASTREF_BINARY_DIR)), test_name);

#ifdef LASTREF_WITH_MUTANTS
// The same program, linked with the reference that has the bug and with the one that has not.
TEST(MutantReproducers, ShowTheBugWithItAndNothingWithoutIt) {
  const std::string adapters = LASTREF_BINARY_DIR "/tests/harness/mutants/adapters";
  const ScratchDirectory with;
  const ScratchDirectory without;
  std::vector<CProgram> clean;
  Batch batch;
  for (const CorpusTrace& trace : corpus_traces()) {
    if (!is_mutants(trace)) continue;
    const std::string name = trace.name.substr(trace.name.find('/') + 1);
    const std::string path = fmt::format("{}/lastref-target-mutant-{}.so", adapters, name);
    batch.start(path, kReferenceDialect, fmt::format("{0} -Wl,-rpath,{1}", path, adapters));
    batch.add(trace);
    ASSERT_EQ(batch.size(), clean.size() + 1) << name << " cannot be written";
    EXPECT_FALSE(batch.of(batch.size() - 1).run.symptoms.empty()) << name;
    clean.push_back(batch.program(batch.size() - 1));
    clean.back().libraries = with_build_directory(std::string(kReferenceDialect.libraries));
    clean.back().checked = false;
  }
  batch.run(with.path());
  expect_all(batch, "the reference with a seeded bug");
  run_c_programs(clean, without.path());
  for (const CProgram& c : clean) {
    EXPECT_EQ(c.compiled, "") << c.name;
    EXPECT_EQ(c.exit, 0) << c.name << ": " << c.output;
  }
  fmt::print("{} seeded bugs\n", clean.size());
}
#endif

}  // namespace
}  // namespace lastref
