// Every error of the trace language: its place, what was found, what was expected, what to do.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/program/trace.h"

namespace lastref {
namespace {

struct Case {
  const char* name;
  std::string text;
  int line;
  int column;
  std::string found;
  std::string expected;  // a part of it
  std::string advice;    // a part of it; empty for no advice
};

std::string repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

std::vector<Case> cases() {
  const std::string head = "lastref 1\n";
  const std::string sessions = "a session (s0 s1 s2 s3 s4 s5 s6 s7)";
  return {
      // The header.
      {"NoText", "", 1, 1, "the end of the trace", "the line 'lastref 1'", ""},
      {"OnlyComments", "# a\n# b\n", 3, 1, "the end of the trace", "the line 'lastref 1'", ""},
      {"MissingHeader", "# a\n s0 = new\n", 2, 2, "'s0'", "the line 'lastref 1'",
       "before everything"},
      {"WrongVersion", "lastref 2\n", 1, 9, "'2'", "version 1", "no other version"},
      {"NoVersion", "lastref\n", 1, 8, "the end of the line", "version 1", "no other version"},
      {"GarbageAfterVersion", "lastref 1 x\n", 1, 11, "'x'", "the end of the line", ""},
      {"SecondLanguageLine", head + head, 2, 1, "'lastref'", "one 'lastref' line only", ""},
      {"SecondContractLine", head + "contract add-again=keeps-place\ncontract\n", 3, 1,
       "'contract'", "one 'contract' line only", ""},
      {"ContractOfNothing", head + "contract\n", 2, 9, "the end of the line",
       "a switch of the contract", "'lastref contract' lists them"},
      {"UnknownSwitch", head + "contract one-contxt=free\n", 2, 10, "'one-contxt'",
       "a switch of the contract", "did you mean 'one-context'?"},
      {"SwitchTwice", head + "contract add-again=keeps-place add-again=keeps-place\n", 2, 32,
       "'add-again'", "each switch once", ""},
      {"SwitchWithoutValue", head + "contract one-context\n", 2, 21, "the end of the line", "'='",
       ""},
      {"UnknownValue", head + "contract one-context=no\n", 2, 22, "'no'", "one of required free",
       ""},
      {"ValueNoNumber", head + "contract new-timeout=soon\n", 2, 22, "'soon'", "a number", ""},
      {"ValueNoCanonicalNumber", head + "contract new-timeout=060\n", 2, 22, "'060'", "a number",
       ""},
      {"GarbageAfterUnflushed", head + "teardown sessions connections contexts unflushed falling\n",
       2, 50, "'falling'", "the end of the line", ""},
      {"BytesOfHalf", head + "b0 = bytes 123\n", 2, 12, "'123'", "1 to 2048 bytes, two hex", ""},
      {"BytesOfNoDigits", head + "b0 = bytes 1x\n", 2, 12, "'1x'", "1 to 2048 bytes", "small"},
      {"BytesInCapitals", head + "b0 = bytes FF\n", 2, 12, "'FF'", "1 to 2048 bytes", "small"},
      {"NoBytes", head + "b0 = bytes\n", 2, 11, "the end of the line", "1 to 2048 bytes", ""},
      {"BytesTwice", head + "b0 = bytes none\nb1 = bytes 00\n", 3, 6, "'bytes'",
       "one operation that brings bytes along", ""},
      {"SecondMisuseLine", head + "misuse leak at 1\nmisuse leak at 1\nfree s0\n", 3, 1, "'misuse'",
       "one 'misuse' line only", ""},
      {"SecondTeardownLine", head + repeated("teardown sessions connections contexts\n", 2), 3, 1,
       "'teardown'", "one 'teardown' line only", ""},
      {"HeaderAfterOperation", head + "free s0\nmisuse leak at 1\n", 3, 1, "'misuse'",
       "an operation", "before the first operation"},
      {"UnknownMisuse", head + "misuse doublefree at 1\nfree s0\n", 2, 8, "'doublefree'",
       "a misuse (double-free borrowed-free use-after-free leak two-contexts)",
       "did you mean 'double-free'?"},
      {"MisuseNone", head + "misuse none at 1\nfree s0\n", 2, 8, "'none'", "a misuse (", ""},
      {"MisuseWithoutAt", head + "misuse leak 1\nfree s0\n", 2, 13, "'1'", "'at'", ""},
      {"MisuseWithoutNumber", head + "misuse leak at\nfree s0\n", 2, 15, "the end of the line",
       "the number of an operation, from 1", ""},
      {"MisuseAtZero", head + "misuse leak at 0\nfree s0\n", 2, 16, "'0'",
       "the number of an operation, from 1", ""},
      {"MisuseAtNoCanonicalNumber", head + "misuse leak at 01\nfree s0\n", 2, 16, "'01'",
       "the number of an operation, from 1", ""},
      {"MisuseAtAbsurdNumber", head + "misuse leak at 99999999999999999999\nfree s0\n", 2, 16,
       "'99999999999999999999'", "the number of an operation, from 1", ""},
      {"MisuseBeyondTheLast", head + "misuse leak at 3\nfree s0\nfree s0\n", 2, 16, "'3'",
       "the number of an operation, 1 to 2", ""},
      {"MisuseOfNothing", head + "misuse leak at 1\n", 2, 16, "'1'",
       "no misuse in a program without operations", ""},
      {"GarbageAfterMisuse", head + "misuse leak at 1 2\nfree s0\n", 2, 18, "'2'",
       "the end of the line", ""},
      {"TeardownStageTwice", head + "teardown sessions sessions contexts\n", 2, 19, "'sessions'",
       "connections or contexts", ""},
      {"TeardownStageMissing", head + "teardown sessions contexts\n", 2, 27, "the end of the line",
       "connections", ""},
      {"TeardownRising", head + "teardown sessions connections contexts rising\n", 2, 40,
       "'rising'", "the end of the line", ""},
      // Operations.
      {"UnknownOperation", head + "s0 = new\n  fre s0\n", 3, 3, "'fre'", "an operation",
       "did you mean 'free'?"},
      {"NeighboursSwapped", head + "up_rfe s0\n", 2, 1, "'up_rfe'", "an operation",
       "did you mean 'up_ref'?"},
      {"NothingLikeAnOperation", head + "xyzzy s0\n", 2, 1, "'xyzzy'", "an operation", ""},
      {"CapitalLetters", head + "FREE s0\n", 2, 1, "'FREE'", "an operation", ""},
      {"OnlyAssignment", head + "s0 =\n", 2, 5, "the end of the line", "an operation", ""},
      {"AssignmentToNothing", head + "= new\n", 2, 1, "'='", "an operation", ""},
      {"AssignmentWithoutEqualsSign", head + "s1 dup s0\n", 2, 1, "'s1'", "an operation",
       "write 's1 = ...'"},
      {"ResultNotAssigned", head + "dup s0\n", 2, 1, "'dup'", sessions + " for the result of 'dup'",
       "write 's0 = dup'"},
      {"ResultToArg", head + "on_remove c0 do arg = dup arg\n", 2, 17, "'arg'",
       sessions + " for the result of 'dup'", ""},
      {"ResultToNull", head + "null = new\n", 2, 1, "'null'", sessions, ""},
      {"ResultOfTheWrongKind", head + "c0 = dup s0\n", 2, 1, "'c0'", sessions, ""},
      {"ResultOutOfRange", head + "b2 = i2d s0\n", 2, 1, "'b2'",
       "a blob (b0 b1) for the result of 'i2d'", ""},
      {"AssignmentOfNoResult", head + "s0 = free s1\n", 2, 1, "'s0'",
       "'free' alone, for it returns no handle", ""},
      {"GarbageAfterOperation", head + "free s0 s1\n", 2, 9, "'s1'", "the end of the line", ""},
      {"TwoOperationsOnALine", head + "s0 = new s1 = new\n", 2, 10, "'s1'", "the end of the line",
       ""},
      // Operands.
      {"MissingOperand", head + "set_id s0  # id\n", 2, 10, "the end of the line",
       "an id (id_a id_b id_c id_e id_d id_none id_long)", ""},
      {"MissingHandle", head + "free\n", 2, 5, "the end of the line", "a session or null (s0", ""},
      {"OperandOfTheWrongKind", head + "set_id s0 host_a\n", 2, 11, "'host_a'", "an id (",
       "'host_a' is a hostname"},
      {"HandleOfTheWrongKind", head + "up_ref c0\n", 2, 8, "'c0'", sessions, "'c0' is a context"},
      {"HandleOutOfRange", head + "up_ref s9\n", 2, 8, "'s9'", sessions, "did you mean 's0'?"},
      {"NullWhereNoneMayBe", head + "up_ref null\n", 2, 8, "'null'", sessions,
       "'null' is a session or null"},
      {"ValueNotInPool", head + "set_timeout s0 301\n", 2, 16, "'301'",
       "a timeout in seconds (300 304 0 1 7200 9223372036854775807 -1)", "did you mean '300'?"},
      {"ValueOfAnotherPool", head + "clock 304\n", 2, 7, "'304'",
       "a step of the clock in seconds (1 300 305 7200 100000000 -1 -305 -1000000000 1147483648)",
       "did you mean '300'?"},
      {"WordNotInPool", head + "set_mode c0 srever\n", 2, 13, "'srever'", "a cache mode (",
       "did you mean 'server'?"},
      // Bodies and threads.
      {"DoWithoutBody", head + "on_remove c0 do\n", 2, 16, "the end of the line",
       "an operation, the body of the callback", ""},
      {"BodyOnTheNextLine", head + "on_remove c0 do # body\nfree null\n", 2, 16,
       "the end of the line", "an operation, the body of the callback", ""},
      {"BodyWithoutDo", head + "on_remove c0 watch free null\n", 2, 20, "'free'",
       "the end of the line", "only 'do' has a body"},
      {"BodyWithBody", head + "on_remove c0 do on_remove c1 do free arg\n", 2, 30, "'do'",
       "what the remove callback does (off watch)", "a body has no body of its own"},
      {"InsideWithBody", head + "in_new c0 do in_get c1 do free arg\n", 2, 24, "'do'",
       "whether the callback does an operation (off)", "a body has no body of its own"},
      {"InsideWithoutDo", head + "in_get c0 off free null\n", 2, 15, "'free'",
       "the end of the line", "only 'do' has a body"},
      {"UnknownBody", head + "on_remove c0 do fre arg\n", 2, 17, "'fre'",
       "an operation, the body of the callback", "did you mean 'free'?"},
      {"BodyWithThread", head + "on_remove c0 do t1: free arg\n", 2, 17, "'t1:'",
       "an operation, the body of the callback", "runs on the thread that calls the callback"},
      {"GarbageAfterBody", head + "on_remove c0 do free arg x\n", 2, 26, "'x'",
       "the end of the line", ""},
      {"ArgOutsideOfABody", head + "free arg\n", 2, 6, "'arg'", "a session or null (s0",
       "only bodies have it"},
      {"ThreadOutOfRange", head + "t4: free s0\n", 2, 1, "'t4:'", "a thread (t0: to t3:)", ""},
      {"ThreadWithoutOperation", head + "t1:\n", 2, 4, "the end of the line", "an operation", ""},
      // Faults.
      {"FaultAtZero", head + "fail_alloc 0: free s0\n", 2, 12, "'0:'",
       "the number of an allocation, 1 to 32767, and a colon", "for the third alone"},
      {"FaultTooLate", head + "fail_alloc 32768: free s0\n", 2, 12, "'32768:'",
       "the number of an allocation, 1 to 32767", "for the third alone"},
      {"FaultWithoutColon", head + "fail_alloc 1 free s0\n", 2, 12, "'1'", "and a colon",
       "for the third alone"},
      {"FaultWithoutNumber", head + "fail_alloc free s0\n", 2, 12, "'free'",
       "the number of an allocation", "for the third alone"},
      {"FaultOfNoCall", head + "fail_alloc 1: forget s0\n", 2, 12, "'1:'",
       "no fault, for 'forget' allocates nothing", ""},
      {"FlightOfNoHandshake", head + "flip 1.1: free s0\n", 2, 6, "'1.1:'",
       "no fault, for 'free' sends no flight", ""},
      {"FlightBehindTheLast", head + "cut 5.1: handshake n0 n1 complete\n", 2, 5, "'5.1:'",
       "a flight, 1 to 4, a byte of it, 1 to 4095, and a colon", "'cut 2.37: ...'"},
      {"FlightWithoutAByte", head + "cut 2: handshake n0 n1 complete\n", 2, 5, "'2:'",
       "a flight, 1 to 4", "for the 37th byte"},
      {"FaultInABody", head + "on_remove c0 do fail_alloc 1: free arg\n", 2, 17, "'fail_alloc'",
       "an operation, the body of the callback", "count to the operation that runs the callback"},
      {"FaultBeforeTheThread", head + "fail_alloc 1: t1: free s0\n", 2, 15, "'t1:'", "an operation",
       ""},
      // Limits.
      {"TooManyOperations", head + repeated("free s0\n", 81), 82, 1, "'free'",
       "no more than 80 operations", ""},
      {"NoRoomForABody", head + repeated("free s0\n", 79) + "on_remove c0 do free arg\n", 81, 17,
       "'free'", "no more than 80 operations", ""},
      {"TooManyBirths", head + repeated("s0 = new\n", 24) + "s1 = dup s0\n", 26, 6, "'dup'",
       "no more than 24 operations that make a session", ""},
      {"TooManyBirthsInPlace", head + repeated("s0 = new\n", 24) + "d2i_into s0 b0\n", 26, 1,
       "'d2i_into'", "no more than 24 operations that make a session", ""},
      {"TextTooLong", std::string(kMaxTraceBytes + 1, '\n'), 1, 1, "1048577 bytes",
       "at most 1048576", ""},
      // Bytes.
      {"NulByte", head + std::string("fr\0ee s0\n", 9), 2, 1, "'fr\\x00ee'", "an operation",
       "did you mean 'free'?"},
      {"ByteOrderMark", "\xef\xbb\xbflastref 1\n", 1, 1, "'\\xef\\xbb\\xbflastref'",
       "the line 'lastref 1'", "before everything"},
      {"CarriageReturnInside", head + "free\rs0\n", 2, 1, "'free\\x0ds0'", "an operation", ""},
      {"VeryLongWord", head + std::string(100'000, 'x') + "\n", 2, 1,
       "'" + std::string(40, 'x') + "...'", "an operation", ""},
      {"FarToTheRight", head + std::string(100'000, ' ') + "fre s0\n", 2, 100'001, "'fre'",
       "an operation", "did you mean 'free'?"},
  };
}

class TraceErrors : public testing::TestWithParam<Case> {};

TEST_P(TraceErrors, SayWhereAndWhat) {
  const Case& wrong = GetParam();
  const auto result = parse_trace(wrong.text);
  ASSERT_TRUE(std::holds_alternative<TraceError>(result));
  const auto& error = std::get<TraceError>(result);
  EXPECT_EQ(error.line, wrong.line);
  EXPECT_EQ(error.column, wrong.column);
  EXPECT_EQ(error.found, wrong.found);
  EXPECT_THAT(error.expected, testing::HasSubstr(wrong.expected));
  if (wrong.advice.empty()) {
    EXPECT_EQ(error.advice, "");
  } else {
    EXPECT_THAT(error.advice, testing::HasSubstr(wrong.advice));
  }
}

INSTANTIATE_TEST_SUITE_P(All, TraceErrors, testing::ValuesIn(cases()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(TraceError, IsOneLineOfText) {
  const TraceError error{3, 7, "'fre'", "an operation", "did you mean 'free'?"};
  EXPECT_EQ(error.text("a.trace"),
            "a.trace:3:7: found 'fre', expected an operation; did you mean 'free'?");
}

TEST(TraceError, NeedsNoAdvice) {
  const TraceError error{1, 1, "'x'", "y", ""};
  EXPECT_EQ(error.text("-"), "-:1:1: found 'x', expected y");
}

}  // namespace
}  // namespace lastref
