#include "harness/report/fixtures.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <variant>

#include "harness/model/state.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr const char* kCached = "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n";

Finding finding(const std::string& operations, std::initializer_list<Symptom> symptoms) {
  Finding made;
  made.target = "openssl";
  made.version = "OpenSSL 3.0.22 25 Aug 2026";
  made.program = program_of(operations);
  made.original = program_of("s7 = new\n" + operations);
  made.index = 41;
  made.occurrences = 7;
  for (const Symptom& symptom : symptoms) made.symptoms.add(symptom);
  return made;
}

// A symptom whose verdict is not the one that its discrepancy usually amounts to.
Symptom as(Verdict verdict, Symptom symptom) {
  symptom.verdict = verdict;
  return symptom;
}

}  // namespace

Program program_of(const std::string& operations) {
  const auto parsed = parse_trace("lastref 1\n" + operations);
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text("trace");
    return {};
  }
  return std::get<Program>(parsed);
}

Symptom symptom_of(Discrepancy what, int operation, Op code, int subject, std::int64_t expected,
                   std::int64_t found) {
  Symptom symptom;
  symptom.verdict = verdict_of(what);
  symptom.what = what;
  symptom.operation = static_cast<std::uint16_t>(operation);
  symptom.code = code;
  symptom.subject = static_cast<std::uint8_t>(subject);
  symptom.expected = expected;
  symptom.found = found;
  return symptom;
}

Finding finding_with(Verdict verdict) {
  const std::string cached = kCached;
  switch (verdict) {
    case Verdict::kDoubleFree:
      return finding(cached + "free s0\nflush c0 0\n",
                     {symptom_of(Discrepancy::kDoubleRelease, 5, Op::CACHE_FLUSH, 0)});
    case Verdict::kBorrowedFree:
      return finding(
          "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\n"
          "s1 = get0_session n0\n",
          {as(Verdict::kBorrowedFree,
              symptom_of(Discrepancy::kForeignRelease, 4, Op::GET0_SESSION, 0))});
    case Verdict::kEarlyFree:
      return finding(cached + "up_ref s0\nfree s0\n",
                     {symptom_of(Discrepancy::kUnexpectedDeath, 5, Op::SESSION_FREE, 0, 2, 0),
                      symptom_of(Discrepancy::kDanglingNumber, 5, Op::SESSION_FREE, 0, 0, 1)});
    case Verdict::kDanglingCache:
      return finding(cached + "free s0\n",
                     {symptom_of(Discrepancy::kDanglingNumber, 4, Op::SESSION_FREE, 0, 0, 1)});
    case Verdict::kDanglingConnection:
      return finding("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\nfree s0\n",
                     {as(Verdict::kDanglingConnection,
                         symptom_of(Discrepancy::kUnexpectedDeath, 4, Op::SESSION_FREE, 0, 1, 0))});
    case Verdict::kUseAfterFree:
      return finding("s0 = new\nfree s0\ns1 = new\n",
                     {symptom_of(Discrepancy::kPoisonOverwritten, 2, Op::SESSION_NEW, 0, 0, 720)});
    case Verdict::kHeapCorruption:
      return finding(cached + "remove c0 s0\n",
                     {symptom_of(Discrepancy::kForeignRelease, 4, Op::CACHE_REMOVE)});
    case Verdict::kCrash:
      return finding(
          cached + "set_id s0 id_b\nflush c0 0\nfree s0\n",
          {symptom_of(Discrepancy::kSignal, 5, Op::CACHE_FLUSH, kNoSubject, 0, SIGSEGV)});
    case Verdict::kHang:
      return finding(
          cached, {symptom_of(Discrepancy::kTimeUsedUp, 6, Op::CONTEXT_FREE, kNoSubject, 0, 2000)});
    case Verdict::kRunawayMemory:
      return finding(
          cached + "flush c0 1\n",
          {symptom_of(Discrepancy::kMemoryUsedUp, 4, Op::CACHE_FLUSH, kNoSubject, 0, 268'435'456)});
    case Verdict::kDataRace:
      return finding(
          "s0 = new\nt1: up_ref s0\n",
          {as(Verdict::kDataRace, symptom_of(Discrepancy::kNone, 1, Op::SESSION_UP_REF, 0))});
    case Verdict::kDeadlock:
      return finding("c0 = ctx_new\non_remove c0 watch\ns0 = new\nadd c0 s0\nflush c0 0\n",
                     {symptom_of(Discrepancy::kAsleep, 4, Op::CACHE_FLUSH)});
    case Verdict::kLeak:
      return finding(cached + "free s0\nflush c0 0\n",
                     {symptom_of(Discrepancy::kMissingDeath, 5, Op::CACHE_FLUSH, 0),
                      symptom_of(Discrepancy::kBlocks, 7, Op::CONTEXT_FREE, kNoSubject, 0, 3)});
    case Verdict::kMiscount:
      return finding("s0 = new\ns1 = dup s0\n",
                     {symptom_of(Discrepancy::kObservers, 1, Op::SESSION_DUP, 1, 2, 1)});
    case Verdict::kWrongCallback:
      return finding(
          "c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
          "s1 = new\nset_id s1 id_a\nadd c0 s1\n",
          {symptom_of(Discrepancy::kMissingCallback, 7, Op::CACHE_ADD, 0)});
    case Verdict::kWrongReturn:
      return finding("s0 = new\nset_time s0 1\n",
                     {symptom_of(Discrepancy::kResult, 1, Op::SET_TIME, kNoSubject, 1, 0)});
    case Verdict::kWrongContent:
      return finding(cached + "flush c0 0\n",
                     {symptom_of(Discrepancy::kResumable, 4, Op::CACHE_FLUSH, 0, 1, 0)});
    case Verdict::kWrongStatistics:
      return finding(cached, {symptom_of(Discrepancy::kCacheNumber, 3, Op::CACHE_ADD, 0, 1, 2)});
    case Verdict::kNone:
      break;
  }
  return finding("s0 = new\n", {});
}

StruckEvidence struck_handshake(int number) {
  StruckEvidence struck;
  StruckOperation& of = struck.operation;
  of.begin(number, FaultKind::kAllocation);
  of.add({EventKind::kBirth, 1, 0, 0});
  of.add({EventKind::kNewCallback, 1, 0, 0});
  of.refuse(32);
  of.refuse(8);
  of.add({EventKind::kDeath, 0, 0, 0});
  of.end(0, 3);
  of.connection_has(0, 1);
  of.connection_has(1, kNobody);
  of.application_has(0, 0);
  of.application_has(1, 1);
  struck.asked = {"CRYPTO_malloc+0x8a (libcrypto.so.3)", "SSL_CTX_add_session+0x98 (libssl.so.3)"};
  return struck;
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = LASTREF_SOURCE_DIR "/harness/report/golden/" + name;
  const char* update = std::getenv("LASTREF_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; run the test with LASTREF_UPDATE_GOLDEN=1";
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << "if the new text is better, run with LASTREF_UPDATE_GOLDEN=1";
}

}  // namespace lastref
