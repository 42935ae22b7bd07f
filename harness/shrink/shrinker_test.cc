#include "harness/shrink/shrinker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "harness/program/trace.h"

namespace lastref {
namespace {

Program program(const std::string& lines) {
  auto parsed = parse_trace("lastref 1\n" + lines);
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text("test");
    return {};
  }
  return std::get<Program>(parsed);
}

// A target that fails when a set_hostname comes anywhere before a flush, at the flush.
ProgramRun hostname_before_flush(const Program& of) {
  ProgramRun run;
  bool named = false;
  for (std::size_t i = 0; i < of.size; ++i) {
    if (of.operations[i].code == Op::SET_HOSTNAME) named = true;
    if (of.operations[i].code != Op::CACHE_FLUSH || !named) continue;
    Symptom symptom;
    symptom.verdict = Verdict::kLeak;
    symptom.what = Discrepancy::kMissingDeath;
    symptom.code = Op::CACHE_FLUSH;
    symptom.operation = static_cast<std::uint16_t>(i);
    run.symptoms.add(symptom);
    break;
  }
  return run;
}

const char* const kLong =
    "teardown contexts connections sessions falling\nc1 = ctx_new\ns3 = new\nset_id s3 id_c\n"
    "up_ref s3\non_remove c1 do up_ref s3\nadd c1 s3\nset_hostname s3 host_b\nfree s3\n"
    "clock 300\nflush c1 1\nget_number c1\nfree s3\n";

Shrunk shrink_with(const Program& of, ShrinkOptions options) {
  return shrink(of, options.run(of), options);
}

TEST(ShrinkerTest, LeavesTheTwoOperationsThatMatterWithPlainOperands) {
  ShrinkOptions options;
  options.run = hostname_before_flush;
  EXPECT_EQ(print_trace(shrink_with(program(kLong), options).program),
            print_trace(program("set_hostname s0 host_a\nflush c0 1000000000\n")));
}

TEST(ShrinkerTest, LeavesOutBytesAndMakesThemZero) {
  ShrinkOptions options;
  // Fails when the fourth byte is 7, which needs three before it.
  options.run = [](const Program& of) {
    ProgramRun run;
    if (of.given_size < 4 || of.given[3] != 7) return run;
    Symptom symptom;
    symptom.verdict = Verdict::kCrash;
    symptom.what = Discrepancy::kSignal;
    symptom.code = Op::D2I;
    symptom.operation = static_cast<std::uint16_t>(of.size - 1);
    run.symptoms.add(symptom);
    return run;
  };
  const Shrunk shrunk =
      shrink_with(program("b0 = bytes 0102030708090a0b0c0d0e0f\ns0 = d2i b0\n"), options);
  EXPECT_EQ(print_trace(shrunk.program), "lastref 1\nb0 = bytes 00000007\n");
}

TEST(ShrinkerTest, LeavesOutFaultsAndMakesThemPlain) {
  ShrinkOptions options;
  // Fails where an allocation of the add fails from the third on.
  options.run = [](const Program& of) {
    ProgramRun run;
    for (std::size_t i = 0; i < of.size; ++i) {
      const Operation& operation = of.operations[i];
      if (operation.code != Op::CACHE_ADD || operation.fault.at() < 3) continue;
      Symptom symptom;
      symptom.verdict = Verdict::kLeak;
      symptom.what = Discrepancy::kMissingDeath;
      symptom.code = Op::CACHE_ADD;
      symptom.operation = static_cast<std::uint16_t>(i);
      run.symptoms.add(symptom);
      break;
    }
    return run;
  };
  EXPECT_EQ(print_trace(shrink_with(program("fail_alloc 1: c0 = ctx_new\nfail_alloc 2+: s0 = new\n"
                                            "fail_alloc 100+: add c0 s0\n"),
                                    options)
                            .program),
            print_trace(program("fail_alloc 3: add c0 s0\n")));
}

TEST(ShrinkerTest, NoOperationOfTheResultCanBeLeftOut) {
  ShrinkOptions options;
  options.run = hostname_before_flush;
  const Program smallest = shrink_with(program(kLong), options).program;
  for (std::size_t left_out = 0; left_out < smallest.size; ++left_out) {
    Program fewer;
    for (std::size_t i = 0; i < smallest.size; ++i) {
      if (i != left_out) fewer.append(smallest.operations[i]);
    }
    EXPECT_TRUE(hostname_before_flush(fewer).symptoms.empty()) << "without operation " << left_out;
  }
}

TEST(ShrinkerTest, KeepsToTheCauseAndNotToAnyFailure) {
  // A flush alone fails too, in another way; that must not be taken for the same.
  ShrinkOptions options;
  options.run = [](const Program& of) {
    ProgramRun run = hostname_before_flush(of);
    const bool flushes = std::any_of(of.view().begin(), of.view().end(), [](const Operation& each) {
      return each.code == Op::CACHE_FLUSH;
    });
    if (run.symptoms.empty() && flushes) {
      Symptom symptom;
      symptom.verdict = Verdict::kCrash;
      symptom.what = Discrepancy::kSignal;
      run.symptoms.add(symptom);
    }
    return run;
  };
  const Shrunk shrunk = shrink_with(program(kLong), options);
  EXPECT_EQ(shrunk.run.symptoms.cause().verdict, Verdict::kLeak);
  EXPECT_EQ(shrunk.program.size, 2);
}

TEST(ShrinkerTest, DoesNotTurnALegalProgramIntoMisuse) {
  // Without its first operation the program would be misuse that fails in the same way.
  ShrinkOptions options;
  options.run = [](const Program& of) {
    ProgramRun run = hostname_before_flush(of);
    if (of.size > 0 && of.operations[0].code != Op::CONTEXT_NEW) run.illegal_operation = 0;
    return run;
  };
  const Shrunk shrunk = shrink_with(program(kLong), options);
  EXPECT_EQ(shrunk.program.operations[0].code, Op::CONTEXT_NEW);
  EXPECT_EQ(shrunk.program.size, 3);
}

TEST(ShrinkerTest, ACallbackAndItsBodyGoTogether) {
  ShrinkOptions options;
  options.run = [](const Program& of) {
    ProgramRun run;
    for (std::size_t i = 0; i < of.size; ++i) {
      if (of.operations[i].is_body == 0) continue;
      Symptom symptom;
      symptom.verdict = Verdict::kCrash;
      symptom.what = Discrepancy::kSignal;
      symptom.operation = static_cast<std::uint16_t>(i);
      run.symptoms.add(symptom);
    }
    return run;
  };
  const Program smallest = shrink_with(program(kLong), options).program;
  EXPECT_EQ(smallest.size, 2);
  EXPECT_EQ(malformed(smallest), "");
}

// A target on which a flush fails while as many up_refs as frees came before, and at least one new.
ProgramRun balanced_flush(const Program& of) {
  ProgramRun run;
  int balance = 0;
  bool made = false;
  for (std::size_t i = 0; i < of.size; ++i) {
    const Op code = of.operations[i].code;
    made = made || code == Op::SESSION_NEW;
    balance += code == Op::SESSION_UP_REF ? 1 : code == Op::SESSION_FREE ? -1 : 0;
    if (code != Op::CACHE_FLUSH || balance != 0 || !made) continue;
    Symptom symptom;
    symptom.verdict = Verdict::kLeak;
    symptom.what = Discrepancy::kMissingDeath;
    symptom.code = code;
    symptom.operation = static_cast<std::uint16_t>(i);
    run.symptoms.add(symptom);
    break;
  }
  return run;
}

TEST(ShrinkerTest, TwoOperationsThatOnlyNeedEachOtherGoTogether) {
  ShrinkOptions options;
  options.run = balanced_flush;
  EXPECT_EQ(print_trace(shrink_with(program("s1 = new\nup_ref s1\nset_id s1 id_b\nfree s1\n"
                                            "flush c1 0\n"),
                                    options)
                            .program),
            print_trace(program("s0 = new\nflush c0 1000000000\n")));
}

TEST(ShrinkerTest, VariablesAreMergedWhereOneDoes) {
  // Fails at a free of what was assigned last, so that no single name can be changed.
  ShrinkOptions options;
  options.run = [](const Program& of) {
    ProgramRun run;
    int last = -1;
    for (std::size_t i = 0; i < of.size; ++i) {
      const Operation& operation = of.operations[i];
      if (row(operation.code).result == Result::SESSION) {
        if (last >= 0 && operation.code == Op::SESSION_DUP && operation.operand[0] != last) break;
        last = operation.result;
      }
      if (operation.code != Op::SESSION_FREE) continue;
      if (operation.operand[0] != last || i < 2) break;
      Symptom symptom;
      symptom.verdict = Verdict::kLeak;
      symptom.what = Discrepancy::kMissingDeath;
      symptom.code = operation.code;
      symptom.operation = static_cast<std::uint16_t>(i);
      run.symptoms.add(symptom);
      break;
    }
    return run;
  };
  EXPECT_EQ(print_trace(shrink_with(program("s2 = new\ns4 = dup s2\nfree s4\n"), options).program),
            print_trace(program("s0 = new\ns0 = dup s0\nfree s0\n")));
}

TEST(ShrinkerTest, RunsNoProgramTwice) {
  std::vector<std::string> ran;
  ShrinkOptions options;
  options.run = [&ran](const Program& of) {
    ran.push_back(print_trace(of));
    return hostname_before_flush(of);
  };
  shrink_with(program(kLong), options);
  ran.erase(ran.begin());  // the first, run by the test
  std::sort(ran.begin(), ran.end());
  EXPECT_EQ(std::adjacent_find(ran.begin(), ran.end()), ran.end());
}

TEST(ShrinkerTest, GivesUpAfterSoManyHangsAndSaysSo) {
  ShrinkOptions options;
  options.max_hangs = 3;
  int hung = 0;
  options.run = [&hung](const Program& of) {
    ProgramRun run = hostname_before_flush(of);
    if (run.symptoms.empty()) return run;
    ++hung;
    Symptom symptom = run.symptoms.cause();
    symptom.verdict = Verdict::kHang;
    run.symptoms = {};
    run.symptoms.add(symptom);
    return run;
  };
  const Shrunk shrunk = shrink_with(program(kLong), options);
  EXPECT_FALSE(shrunk.complete);
  EXPECT_EQ(hung, 4);  // with the first, run by the test
}

TEST(ShrinkerTest, StopsWhenToldTo) {
  ShrinkOptions options;
  options.run = hostname_before_flush;
  options.progress = [](int tried, int) { return tried < 3; };
  EXPECT_LE(shrink_with(program(kLong), options).tried, 3);
}

TEST(ShrinkerTest, NeverRunsMoreProgramsThanItMay) {
  ShrinkOptions options;
  options.run = hostname_before_flush;
  options.max_tries = 4;
  EXPECT_EQ(shrink_with(program(kLong), options).tried, 4);
}

}  // namespace
}  // namespace lastref
