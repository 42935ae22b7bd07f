// Changes of encodings, and sweeps of the reference with them: sound, and with faults of decoding.

#include "harness/inject/encoding_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "harness/execute/unchecked_lengths.h"
#include "harness/inject/damaged_blobs.h"
#include "harness/inject/decoding.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

using Bytes = std::vector<std::uint8_t>;

// A sequence of a number and of a string of three bytes.
const Bytes kDer = {0x30, 0x08, 0x02, 0x01, 0x05, 0x04, 0x03, 'a', 'b', 'c'};

TEST(EncodedFields, AreTheElementsOfDer) {
  const EncodedFields fields = fields_of(kDer);
  EXPECT_TRUE(fields.der);
  const std::vector<EncodedField> expected = {
      {0, 1, 2, 10, EncodedField::kNone}, {2, 3, 4, 5, 0}, {5, 6, 7, 10, 0}};
  EXPECT_EQ(fields.all, expected);
  EXPECT_EQ(with_field(kDer, fields, 1, {}), (Bytes{0x30, 0x05, 0x04, 0x03, 'a', 'b', 'c'}));
}

TEST(EncodedFields, OfOtherFormatsAreRunsWithTheirLength) {
  const Bytes bytes = {0xff, 0x00, 0x04, 1, 2, 3, 4, 0xff};
  const EncodedFields fields = fields_of(bytes);
  EXPECT_FALSE(fields.der);
  const std::vector<EncodedField> expected = {{1, 1, 3, 7, EncodedField::kNone},
                                              {2, 2, 3, 7, EncodedField::kNone}};
  EXPECT_EQ(fields.all, expected);
}

TEST(EncodedEdits, AreEachCutEachByteAndEachFieldLeftOutTwiceAndWithAWrongLength) {
  const EncodedEdits edits(kDer);
  std::set<Bytes> all;
  for (std::size_t i = 0; i < edits.count(); ++i) all.insert(edits.edited(i));
  for (std::size_t size = 0; size <= kDer.size(); ++size) {
    EXPECT_TRUE(all.contains(Bytes(kDer.begin(), kDer.begin() + static_cast<long>(size)))) << size;
  }
  for (std::size_t at = 0; at < kDer.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes bytes = kDer;
      bytes[at] = static_cast<std::uint8_t>(value);
      EXPECT_TRUE(all.contains(bytes)) << at << " " << value;
    }
  }
  const std::vector<Bytes> expected = {
      {0x30, 0x05, 0x04, 0x03, 'a', 'b', 'c'},                                // left out
      {0x30, 0x08, 0x04, 0x03, 'a', 'b', 'c'},                                // and not counted
      {0x30, 0x0b, 2, 1, 5, 2, 1, 5, 4, 3, 'a', 'b', 'c'},                    // twice
      {0x30, 0x08, 4, 3, 'a', 'b', 'c', 2, 1, 5},                             // in other order
      {0x30, 0x08, 2, 1, 5, 4, 0x84, 0xff, 0xff, 0xff, 0xff, 'a', 'b', 'c'},  // huge
      {0x30, 0x09, 2, 1, 5, 4, 0x81, 3, 'a', 'b', 'c'},                       // in two bytes
  };
  for (const Bytes& bytes : expected) EXPECT_TRUE(all.contains(bytes)) << bytes.size();
}

TEST(DamagedBlobs, AreOfTheirSeedAndIndexAndSystematicFirst) {
  DamagedBlobs blobs(1, 1'000'000);
  DamagedBlobs other(2, 1'000'000);
  for (DamagedBlobs* each : {&blobs, &other}) {
    each->add(kDer, false);
    each->add({1, 2, 3}, true);
  }
  EXPECT_EQ(blobs.systematic(), blobs.all_systematic());
  const std::uint64_t drawn = blobs.systematic();
  std::set<std::string> seen;
  int differ = 0;
  for (std::uint64_t index = drawn - 100; index < drawn + 100; ++index) {
    Program program;
    Program again;
    Program of_other;
    blobs.fill(index, program);
    blobs.fill(index, again);
    other.fill(index, of_other);
    EXPECT_EQ(program, again);
    EXPECT_EQ(malformed(program), "");
    const bool same = program == of_other;
    EXPECT_TRUE(same || index >= drawn) << index;
    if (!same) ++differ;
    seen.insert(print_trace(program));
  }
  EXPECT_GT(differ, 50);
  EXPECT_GT(seen.size(), 150U);
}

TEST(DamagedBlobs, AreSpreadOverAllWhereTheBudgetIsSmall) {
  DamagedBlobs blobs(1, 10);
  blobs.add(kDer, false);
  DamagedBlobs all(1, 1'000'000);
  all.add(kDer, false);
  EXPECT_EQ(blobs.systematic(), 10U);
  Program last;
  blobs.fill(9, last);
  const std::uint64_t first_of_last = all.all_systematic() * 9 / 10;
  bool among = false;
  for (std::uint64_t i = first_of_last; i < all.all_systematic() && !among; ++i) {
    Program program;
    all.fill(i, program);
    among = program == last;
  }
  EXPECT_TRUE(among);
}

// A new session of wolfSSL 5.5, but for its time: each length in it is zero.
Bytes with_lengths_of_zero() { return Bytes(86); }

TEST(UncheckedLengths, AreSafeWhereEachFieldFits) {
  EXPECT_TRUE(lengths_are_safe({}));
  EXPECT_TRUE(lengths_are_safe(with_lengths_of_zero()));
  struct Length {
    std::size_t at;
    std::uint8_t most;
  };
  // The id, the certificates, the server's id (its low byte) and the id context.
  for (const Length length : {Length{9, 32}, Length{60, 9}, Length{66, 20}, Length{67, 32}}) {
    Bytes bytes = with_lengths_of_zero();
    bytes[length.at] = length.most;
    EXPECT_TRUE(lengths_are_safe(bytes)) << length.at;
    ++bytes[length.at];
    EXPECT_FALSE(lengths_are_safe(bytes)) << length.at;
  }
  for (std::size_t size = 0; size < 86; ++size) {
    Bytes bytes = with_lengths_of_zero();
    bytes.resize(size);
    EXPECT_EQ(lengths_are_safe(bytes), size < 79 || size >= 83) << size;
  }
}

EncodingSweepReport sweep_with(const char* fault, std::uint64_t blobs, int jobs = 1) {
  if (fault != nullptr) setenv("LASTREF_TEST_FAULT", fault, 1);
  EncodingSweepOptions options;
  options.target = kFaulty;
  options.blobs = blobs;
  options.jobs = jobs;
  EncodingSweepReport report = sweep_encodings(options);
  unsetenv("LASTREF_TEST_FAULT");
  EXPECT_EQ(report.check.could_not_run, "");
  EXPECT_EQ(report.check.internal_error, "");
  return report;
}

std::string cause_of(const EncodingSweepReport& report) {
  if (report.check.findings.empty()) return "no finding";
  return text(signature(report.check.findings[0].symptoms.cause()));
}

TEST(EncodingSweep, FindsNothingInTheReference) {
  const EncodingSweepReport report = sweep_with(nullptr, 3000);
  EXPECT_EQ(report.check.programs, 3000U);
  EXPECT_EQ(report.check.verdicts, 0U);
  EXPECT_GT(report.decoded, 100U);
  EXPECT_LT(report.decoded, 3000U);
}

TEST(EncodingSweep, FindsAReadBehindTheInputAndCutsItShort) {
  const EncodingSweepReport report = sweep_with("decode-reads-on", 3000);
  EXPECT_EQ(cause_of(report), "heap-corruption/input-overrun/d2i");
  ASSERT_FALSE(report.check.findings.empty());
  EXPECT_EQ(print_trace(report.check.findings[0].program),
            "lastref 1\nb0 = bytes 00\ns0 = d2i b0\n");
  EXPECT_EQ(report.check.findings[0].memory.fault.size, 1U);
}

TEST(EncodingSweep, FindsALeakOfWhatIsRefused) {
  EXPECT_EQ(cause_of(sweep_with("decode-leaks", 500)).substr(0, 11), "leak/blocks");
}

TEST(EncodingSweep, FindsAnInputThatIsWrittenToAndAPointerThatStays) {
  EXPECT_EQ(cause_of(sweep_with("decode-writes", 200)), "heap-corruption/input-changed/d2i");
  EXPECT_EQ(cause_of(sweep_with("decode-pointer-stays", 200)), "wrong-return/input-end/d2i");
}

TEST(EncodingSweep, RunsTheSameBlobsForAnyNumberOfJobs) {
  const EncodingSweepReport one = sweep_with(nullptr, 9000, 1);
  const EncodingSweepReport two = sweep_with(nullptr, 9000, 2);
  EXPECT_EQ(one.check.programs, two.check.programs);
  EXPECT_EQ(one.check.operations, two.check.operations);
  EXPECT_EQ(one.decoded, two.decoded);
}

TEST(EncodingSweep, StopsWhereItIsToldTo) {
  EncodingSweepOptions options;
  options.target = kFaulty;
  options.blobs = 100'000'000;
  options.progress = [](const EncodingProgress& progress) { return progress.blobs < 100; };
  const EncodingSweepReport report = sweep_encodings(options);
  EXPECT_TRUE(report.check.stopped);
  EXPECT_LT(report.check.programs, 100'000'000U);
}

}  // namespace
}  // namespace lastref
