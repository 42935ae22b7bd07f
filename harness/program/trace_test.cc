#include "harness/program/trace.h"

#include <gtest/gtest.h>

#include "harness/program/random_program.h"

namespace lastref {
namespace {

// The program of a text without errors.
Program parsed(std::string_view text) {
  const auto result = parse_trace(text);
  if (const auto* error = std::get_if<TraceError>(&result)) {
    ADD_FAILURE() << error->text("trace");
    return {};
  }
  return std::get<Program>(result);
}

TEST(Trace, ReadsWhatItPrinted) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 100'000; ++i) {
    const Program program = random_program(random);
    const auto result = parse_trace(print_trace(program));
    ASSERT_TRUE(std::holds_alternative<Program>(result))
        << std::get<TraceError>(result).text("trace") << "\n"
        << print_trace(program);
    ASSERT_EQ(std::get<Program>(result), program) << print_trace(program);
  }
}

TEST(Trace, PrintsThisWay) {
  const std::string text =
      "lastref 1\n"
      "contract cache-capacity=one-less new-timeout=60\n"
      "misuse double-free at 5\n"
      "teardown contexts sessions connections falling unflushed\n"
      "c0 = ctx_new\n"
      "s0 = new\n"
      "on_remove c0 do up_ref arg\n"
      "in_new c0 do b0 = i2d arg\n"
      "in_get c0 off\n"
      "t1: free null\n"
      "set_mode c0 both|no_internal|update_time\n"
      "b1 = i2d s7\n"
      "d2i_into s0 b1\n"
      "b0 = bytes 00ff30\n"
      "handshake n0 n1 complete\n"
      "fail_random 2+: s1 = new\n"
      "t1: fail_lock 1: s2 = new\n"
      "cut 4.4095: handshake n0 n1 complete\n"
      "repeat 1.1: handshake n0 n1 after_client_hello\n";
  EXPECT_EQ(print_trace(parsed(text)), text);
}

TEST(Trace, CountsABodyAsTheOperationAfterItsCallback) {
  const Program program = parsed("lastref 1\non_remove c0 do s1 = dup arg\nfree s1\n");
  ASSERT_EQ(program.size, 3);
  EXPECT_EQ(program.operations[1].code, Op::SESSION_DUP);
  EXPECT_EQ(program.operations[1].is_body, 1);
  EXPECT_EQ(program.operations[1].result, 1);
  EXPECT_EQ(program.operations[1].operand[0], kArgumentHandle);
  EXPECT_EQ(program.operations[2].is_body, 0);
}

TEST(Trace, ReadsComments) {
  EXPECT_EQ(parsed("# first\n\nlastref 1 # language\n#free s0\ns0 = new# new\n"),
            parsed("lastref 1\ns0 = new\n"));
}

TEST(Trace, ReadsSpacesAndTabs) {
  EXPECT_EQ(parsed("\tlastref   1 \n t1:free\ts0\ns0=new\n"),
            parsed("lastref 1\nt1: free s0\ns0 = new\n"));
}

TEST(Trace, ReadsLinesThatEndWithCrLfAndALastLineThatDoesNotEnd) {
  const Program program = parsed("lastref 1\r\ns0 = new\r\nfree s0");
  EXPECT_EQ(print_trace(program), "lastref 1\ns0 = new\nfree s0\n");
}

TEST(Trace, ReadsDefaultsSpeltOut) {
  EXPECT_EQ(parsed("lastref 1\nteardown sessions connections contexts\nt0: free s0\n"),
            parsed("lastref 1\nfree s0\n"));
}

TEST(Trace, ReadsTheHeaderInAnyOrder) {
  EXPECT_EQ(
      parsed("lastref 1\nteardown connections contexts sessions\nmisuse leak at 1\nfree s0\n"),
      parsed("lastref 1\nmisuse leak at 1\nteardown connections contexts sessions\nfree s0\n"));
}

TEST(Trace, ReadsAProgramWithoutOperations) { EXPECT_EQ(parsed("lastref 1\n"), Program{}); }

TEST(Trace, ReadsAsManyOperationsAndSessionsAsThereMayBe) {
  std::string text = "lastref 1\n";
  for (int i = 0; i < kMaxSessions; ++i) text += "s0 = new\n";
  for (int i = kMaxSessions; i < kMaxOperations; ++i) text += "up_ref s0\n";
  EXPECT_EQ(parsed(text).size, kMaxOperations);
}

TEST(Trace, OperationsPrintWithoutThreadAndBody) {
  const Program program = parsed("lastref 1\nt2: on_remove c1 do free null\n");
  EXPECT_EQ(print_operation(program.operations[0]), "on_remove c1 do");
  EXPECT_EQ(print_operation(program.operations[1]), "free null");
}

// Deletes, doubles, overwrites or moves a piece of `text`.
void mutate(std::string& text, std::mt19937_64& random) {
  const std::size_t at = random() % (text.size() + 1);
  const std::size_t length = random() % 8;
  switch (random() % 5) {
    case 0:
      text.erase(at, length);
      break;
    case 1:
      text.insert(at, text.substr(random() % (text.size() + 1), length));
      break;
    case 2:
      text.insert(at, 1, static_cast<char>(random()));
      break;
    case 3:
      if (at < text.size()) text[at] = static_cast<char>(random());
      break;
    default: {
      constexpr std::string_view kPieces[] = {"arg", "do",   "null", "=",   ":",
                                              "\n",  "\r\n", "#",    "t1:", " s0",
                                              "s9",  "c0",   "at",   "9",   "lastref 1"};
      text.insert(at, kPieces[random() % std::size(kPieces)]);
    }
  }
}

TEST(Trace, SurvivesMutatedText) {
  std::mt19937_64 random = seeded_random();
  int well_formed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto bytes = random_bytes(random, 40);
    std::string text = print_trace(decode_program(bytes));
    for (std::size_t left = 1 + random() % 3; left > 0; --left) mutate(text, random);
    const auto result = parse_trace(text);
    if (const auto* program = std::get_if<Program>(&result)) {
      ++well_formed;
      ASSERT_EQ(malformed(*program), "") << text;
      ASSERT_EQ(parsed(print_trace(*program)), *program) << text;
    } else {
      const auto& error = std::get<TraceError>(result);
      ASSERT_NE(error.found, "") << text;
      ASSERT_NE(error.expected, "") << text;
      ASSERT_GE(error.line, 1) << text;
      ASSERT_GE(error.column, 1) << text;
    }
  }
  // Both sides were visited.
  EXPECT_GT(well_formed, 1'000);
  EXPECT_LT(well_formed, 99'000);
}

TEST(Trace, SurvivesRandomBytes) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 20'000; ++i) {
    const auto bytes = random_bytes(random, 100);
    std::string text = i % 2 == 0 ? "" : "lastref 1\n";
    for (const std::uint8_t byte : bytes) text += static_cast<char>(byte);
    const auto result = parse_trace(text);
    if (const auto* program = std::get_if<Program>(&result)) {
      ASSERT_EQ(malformed(*program), "");
    }
  }
}

}  // namespace
}  // namespace lastref
