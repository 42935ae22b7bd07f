#include "harness/cli/valgrind_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kReport = R"(<?xml version="1.0"?>
<valgrindoutput>
<clientmsg>
  <tid>1</tid>
  <threadname>lastref</threadname>
  <text>operation 6
</text>
</clientmsg>
<clientmsg><tid>1</tid><text>operation 7
</text></clientmsg>
<error>
  <unique>0x0</unique>
  <kind>InvalidRead</kind>
  <what>Invalid read of size 4</what>
  <stack>
    <frame><ip>0x1</ip><obj>/usr/lib/libssl.so.3</obj></frame>
    <frame><ip>0x2</ip><obj>/usr/lib/libcrypto.so.3</obj><fn>OPENSSL_LH_delete&lt;x&gt;</fn></frame>
  </stack>
  <auxwhat>Address 0x592 is 592 bytes inside a block of size 928 free'd</auxwhat>
  <stack><frame><ip>0x3</ip><fn>free</fn></frame></stack>
</error>
<error>
  <kind>UninitCondition</kind>
  <xwhat><text>Conditional jump</text></xwhat>
  <stack></stack>
</error>
)";

TEST(ValgrindReport, AnErrorBelongsToTheOperationThatBeganLast) {
  const auto errors = parse_valgrind_report(kReport);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].operation, 7);
  EXPECT_EQ(errors[0].kind, "InvalidRead");
  EXPECT_EQ(errors[0].what, "Invalid read of size 4");
  EXPECT_THAT(errors[0].where, testing::HasSubstr("592 bytes inside a block of size 928"));
  EXPECT_THAT(errors[0].stack, ElementsAre("libssl.so.3", "OPENSSL_LH_delete<x> (libcrypto.so.3)"));
  EXPECT_EQ(errors[1].what, "Conditional jump");
}

TEST(ValgrindReport, WhatEndsInTheMiddleIsReadUpToThere) {
  const std::string whole = kReport;
  const auto cut = whole.find("<error>\n  <kind>Uninit");
  EXPECT_EQ(parse_valgrind_report(whole.substr(0, cut + 20)).size(), 1U);
  EXPECT_THAT(parse_valgrind_report(""), IsEmpty());
}

TEST(ValgrindReport, TextNamesTheOperationAndTheStack) {
  const std::string text = valgrind_text(parse_valgrind_report(kReport));
  EXPECT_THAT(text, testing::HasSubstr("  valgrind: at operation 7: Invalid read of size 4; "));
  EXPECT_THAT(text, testing::HasSubstr("      libssl.so.3\n"));
  EXPECT_EQ(valgrind_text({}), "  valgrind: nothing was seen\n");
}

}  // namespace
}  // namespace lastref
