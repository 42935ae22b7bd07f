#include "harness/program/binary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/program/random_program.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr int kPrograms = 100'000;

TEST(BinaryForm, DecodesWhatItEncoded) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < kPrograms; ++i) {
    const Program program = random_program(random);
    ASSERT_EQ(decode_program(encode_program(program)), program) << print_trace(program);
  }
}

TEST(BinaryForm, MakesAWellFormedProgramOfAnyBytes) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < kPrograms; ++i) {
    const Program program = random_program(random);
    ASSERT_EQ(malformed(program), "") << print_trace(program);
  }
}

TEST(BinaryForm, MakesAWellFormedProgramOfAnyByteRepeated) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t size : {1U, 2U, 3U, 7U, 300U, 1000U}) {
      const std::vector<std::uint8_t> bytes(size, static_cast<std::uint8_t>(byte));
      ASSERT_EQ(malformed(decode_program(bytes)), "") << size << " times " << byte;
    }
  }
}

TEST(BinaryForm, MakesTheEmptyProgramOfNoBytes) { EXPECT_EQ(decode_program({}), Program{}); }

TEST(BinaryForm, ReachesEveryOperationWithEveryOperand) {
  std::mt19937_64 random = seeded_random();
  std::set<std::string> seen;
  for (int i = 0; i < 2 * kPrograms; ++i) {
    const Program program = random_program(random);
    for (const Operation& operation : program.view()) {
      const OperationRow& of = row(operation.code);
      for (std::size_t at = 0; at < of.operands.size(); ++at) {
        seen.insert(std::string(of.name) + static_cast<char>('0' + at) +
                    static_cast<char>(operation.operand[at]));
      }
      seen.insert(std::string(of.name));
    }
  }
  std::size_t all = 0;
  for (const OperationRow& of : operation_table()) {
    ++all;
    for (std::size_t at = 0; at < of.operands.size(); ++at) {
      all += static_cast<std::size_t>(operand_range(operand_kind(of, at)));
    }
  }
  EXPECT_EQ(seen.size(), all);
}

TEST(BinaryForm, ReachesEveryTeardownAndMisuse) {
  std::set<std::tuple<int, int, int>> teardowns;
  std::set<Misuse> misuses;
  for (int byte = 0; byte < 256; ++byte) {
    const std::vector<std::uint8_t> bytes = {static_cast<std::uint8_t>(byte), 0, 0,
                                             static_cast<std::uint8_t>(Op::SESSION_NEW), 0};
    const Program program = decode_program(bytes);
    teardowns.insert(
        {program.teardown.order, program.teardown.falling, program.teardown.unflushed});
    misuses.insert(program.misuse);
  }
  EXPECT_EQ(teardowns.size(), 24U);
  EXPECT_EQ(misuses.size(), static_cast<std::size_t>(kMisuseCount));
}

TEST(BinaryForm, ReachesEveryContractMark) {
  std::mt19937_64 random = seeded_random();
  std::set<std::string> seen;
  for (int i = 0; i < kPrograms; ++i) {
    const Program program = random_program(random);
    for (const SwitchRow& row : switch_table()) {
      if (!program.contract.has(row.id)) continue;
      const bool number = value_count(row.id) == 0;
      seen.insert(std::string(row.name) +
                  (number ? "" : value_text(row.id, program.contract.value(row.id))));
    }
  }
  std::size_t all = 0;
  for (const SwitchRow& row : switch_table()) {
    all += static_cast<std::size_t>(std::max(1, value_count(row.id)));
  }
  EXPECT_EQ(seen.size(), all);
}

TEST(BinaryForm, TakesAtMostEightBytesForAnOperation) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 10'000; ++i) {
    const Program program = random_program(random);
    const std::size_t header = 3 + 5 * program.contract.words().size() + program.given_size;
    EXPECT_LE(encode_program(program).size(), header + 8U * program.size);
  }
}

TEST(BinaryForm, TakesWholeOperationsIntoWhatRoomThereIs) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 2000; ++i) {
    Program program = random_program(random);
    program.misuse = Misuse::kNone;
    program.misuse_at = 0;
    const std::vector<std::uint8_t> all = encode_program(program);
    const std::size_t room = random() % (all.size() + 2);
    std::vector<std::uint8_t> out(room);
    const Written written = encode_program(program, out);
    ASSERT_EQ(written.whole, room >= all.size());
    ASSERT_LE(written.bytes, room);
    ASSERT_TRUE(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(written.bytes),
                           all.begin()));
    if (written.bytes == 0) continue;
    out.resize(written.bytes);
    Program front = random_program(random);
    decode_program(out, front);
    ASSERT_LE(front.size, program.size);
    ASSERT_TRUE(std::equal(front.view().begin(), front.view().end(), program.view().begin()));
    // One operation more, and its body, would not have fitted.
    if (written.whole) continue;
    const bool pair = has_body(program.operations[front.size]);
    program.size = static_cast<std::uint8_t>(front.size + (pair ? 2 : 1));
    ASSERT_GT(encode_program(program).size(), room);
  }
}

TEST(BinaryForm, HasTheBytesThatAreBroughtAlongOnceAndNoMoreThanThereAre) {
  const auto give = static_cast<std::uint8_t>(Op::BLOB_GIVE);
  const std::vector<std::uint8_t> twice = {0, 0, 0, give, 1, 2, 0, 0xab, 0xcd, give, 0};
  EXPECT_EQ(print_trace(decode_program(twice)), "lastref 1\nb1 = bytes abcd\n");
  const std::vector<std::uint8_t> cut = {0, 0, 0, give, 1, 9, 0, 0xab};
  EXPECT_EQ(decode_program(cut).given_size, 0);
}

// More switches than one byte of the header can count.
TEST(BinaryForm, RoundTripsAsManyMarksAsThereAreSwitches) {
  Program program;
  std::size_t marked = 0;
  for (const SwitchRow& row : switch_table()) {
    program.contract.set(row.id, 1);
    ++marked;
    EXPECT_EQ(decode_program(encode_program(program)), program) << marked << " marks";
  }
  EXPECT_GT(marked, 0xffU - 0xb0U);
}

TEST(BinaryForm, HasTheFaultBehindTheThread) {
  const auto free = static_cast<std::uint8_t>(0x80 | static_cast<int>(Op::SESSION_FREE));
  const auto forget = static_cast<std::uint8_t>(0x80 | static_cast<int>(Op::SESSION_FORGET));
  // What the application does alone has none.
  const std::vector<std::uint8_t> bytes = {0, 0, 0, free, 0xc0, 2, 0x81, 1, forget, 0xc1, 2, 0, 1};
  EXPECT_EQ(print_trace(decode_program(bytes)),
            "lastref 1\nfail_alloc 258+: free s1\nt1: forget s1\n");
}

TEST(BinaryForm, HasTheKindOfTheFaultWithTheThread) {
  const auto handshake = static_cast<std::uint8_t>(0x80 | static_cast<int>(Op::HANDSHAKE));
  const auto free = static_cast<std::uint8_t>(0x80 | static_cast<int>(Op::SESSION_FREE));
  // Only a handshake has flights.
  const std::vector<std::uint8_t> bytes = {0,    0,    0,    handshake, 0xf0, 37,   0x50, 0,    1,
                                           0,    free, 0xd0, 2,         0,    1,    free, 0xe1, 3,
                                           0x80, 1,    free, 0xf0,      37,   0x50, 1};
  const Program program = decode_program(bytes);
  EXPECT_EQ(print_trace(program),
            "lastref 1\ninvert 2.37: handshake n0 n1 complete\nfail_random 2: free s1\n"
            "t1: fail_lock 3+: free s1\nfree s1\n");
  EXPECT_EQ(decode_program(encode_program(program)), program);
}

TEST(BinaryForm, DropsAnOperationThatTheEndCutsShort) {
  const auto up_ref = static_cast<std::uint8_t>(Op::SESSION_UP_REF);
  const std::vector<std::uint8_t> bytes = {0, 0, 0, up_ref, 1, up_ref};
  const Program program = decode_program(bytes);
  EXPECT_EQ(print_trace(program), "lastref 1\nup_ref s1\n");
}

TEST(BinaryForm, DropsADoWithoutABody) {
  const std::vector<std::uint8_t> bytes = {
      0, 0, 0, static_cast<std::uint8_t>(Op::ON_REMOVE), 0, kOnRemoveDo};
  EXPECT_EQ(decode_program(bytes), Program{});
}

TEST(BinaryForm, DropsBirthsBeyondTheLimitAndReadsOn) {
  std::vector<std::uint8_t> bytes = {0, 0, 0};
  for (int i = 0; i < kMaxSessions + 5; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(Op::SESSION_NEW));
    bytes.push_back(0);
  }
  bytes.push_back(static_cast<std::uint8_t>(Op::SESSION_FREE));
  bytes.push_back(0);
  const Program program = decode_program(bytes);
  EXPECT_EQ(program.size, kMaxSessions + 1);
  EXPECT_EQ(program.operations[kMaxSessions].code, Op::SESSION_FREE);
}

TEST(BinaryForm, IgnoresWhatFollowsAFullProgram) {
  const std::vector<std::uint8_t> bytes(10'000, static_cast<std::uint8_t>(Op::SESSION_UP_REF));
  EXPECT_EQ(decode_program(bytes).size, kMaxOperations);
}

}  // namespace
}  // namespace lastref
