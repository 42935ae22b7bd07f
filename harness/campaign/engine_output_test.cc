#include "harness/campaign/engine_output.h"

#include <gtest/gtest.h>

#include "harness/campaign/fuzzer.h"

namespace lastref {
namespace {

TEST(EngineStatus, IsThatOfTheLastLineThatSaysSo) {
  const EngineStatus status = engine_status(
      "INFO: Seed: 1\n#2\tINITED cov: 2 ft: 3 corp: 1/1b exec/s: 0 rss: 30Mb\n"
      "#65536\tpulse  cov: 245 ft: 1020 corp: 310/12Kb lim: 512 exec/s: 21845 rss: 80Mb\n"
      "==1==ERROR: AddressSanitizer: x\n    #0 0x55 in f file:1\n");
  EXPECT_EQ(status, (EngineStatus{65536, 1020, 310, 21845}));
}

TEST(EngineStatus, IsNothingBeforeTheFirst) {
  EXPECT_EQ(engine_status("INFO: Seed: 1\n# of something\n"), EngineStatus());
  EXPECT_EQ(engine_status(""), EngineStatus());
}

TEST(WrittenInput, IsTheLastFileThatAnEngineNames) {
  EXPECT_EQ(written_input("==1== ERROR\nartifact_prefix='a/'; Test unit written to a/crash-1\n"
                          "Base64: AA==\nartifact_prefix='a/'; Test unit written to a/crash-2\n"),
            "a/crash-2");
  EXPECT_EQ(written_input("#1024 NEW cov: 3\nDone 1024 runs\n"), "");
}

TEST(SymptomLine, IsTheVerdictAndItsOperation) {
  EXPECT_EQ(symptom_line("x: the input on openssl (OpenSSL 3.0.22 25 Aug 2026): wrong-content\n"
                         "  At operation 4, in the teardown (s0 = dup s1): it returned 0\n"),
            "wrong-content dup");
  EXPECT_EQ(symptom_line("  At operation 4 (flush c0 0): it returned 0\n"), "flush");
}

TEST(SymptomLine, IsWhatASanitizerSaysWithoutThePlace) {
  EXPECT_EQ(symptom_line("==1==ERROR\nSUMMARY: AddressSanitizer: heap-use-after-free a.c:1 in f\n"),
            "AddressSanitizer: heap-use-after-free");
}

TEST(SymptomLine, IsEmptyForAReportThatShowsNothing) {
  EXPECT_EQ(symptom_line("crash-1: clean\n"), "");
  EXPECT_EQ(symptom_line("the input on"), "");
  EXPECT_EQ(symptom_line("  At operation 4 ("), "");
}

TEST(Fuzzer, SaysOnWhichTargetItsInputsArePrograms) {
  EXPECT_EQ(fuzzer_of("bin", "fuzz_openssl").target, "openssl");
  EXPECT_EQ(fuzzer_of("bin", "fuzz_openssl_handshakes").target, "openssl");
  EXPECT_EQ(fuzzer_of("bin", "fuzz_reference_misuse").target, "");
  EXPECT_EQ(fuzzer_of("bin", "fuzz_decode_openssl").target, "");
  EXPECT_EQ(fuzzer_of("bin", "fuzz_trace").target, "");
  EXPECT_EQ(fuzzer_of("bin", "fuzz_trace").replay, "bin/fuzz_trace_replay");
}

}  // namespace
}  // namespace lastref
