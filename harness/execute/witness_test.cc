// What a Witness makes of a handshake: the sessions that are left get their numbers.
#include "harness/execute/witness.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <vector>

namespace lastref {
namespace {

EventList list(const std::vector<Event>& events) {
  EventList made;
  for (const Event& event : events) made.add(event);
  return made;
}

// Sessions are addresses, and no more.
class WitnessTest : public testing::Test {
 protected:
  WitnessTest() { witness_.begin_program(); }
  void* born(std::size_t place) {
    witness_.block_born(&blocks_[place]);
    return &blocks_[place];
  }
  void died(std::size_t place) { witness_.block_died(witness_.number_of(&blocks_[place])); }

  Witness witness_;
  std::array<char, 8> blocks_{};
};

TEST_F(WitnessTest, TheServersSessionIsNumberedBeforeTheClients) {
  born(0);
  witness_.begin_operation();
  void* const client = born(1);
  void* const server = born(2);
  const Renumbering renumbering = witness_.settle_handshake(server, client);
  EXPECT_EQ(renumbering.first(), 1);
  EXPECT_EQ(witness_.address(1), server);
  EXPECT_EQ(witness_.address(2), client);
  EXPECT_EQ(witness_.number_of(&blocks_[0]), 0) << "older ones keep theirs";
  EXPECT_EQ(witness_.born(), 3);
}

TEST_F(WitnessTest, WhatTheHandshakeItselfEndedTakesNoNumber) {
  witness_.begin_operation();
  born(0);
  void* const server = born(1);
  died(0);
  void* const client = born(2);
  witness_.settle_handshake(server, client);
  EXPECT_TRUE(witness_.events() ==
              list({{EventKind::kBirth, 0, 0, 0}, {EventKind::kBirth, 1, 0, 0}}));
  EXPECT_EQ(witness_.address(0), server);
  EXPECT_EQ(witness_.address(1), client);
  EXPECT_EQ(witness_.born(), 2);
  EXPECT_EQ(witness_.address(2), nullptr);
}

TEST_F(WitnessTest, OfAStruckOperationEverythingIsWrittenDownInItsOrder) {
  StruckOperation struck;
  struck.begin(3, FaultKind::kAllocation);
  witness_.tell(&struck);
  witness_.begin_operation();
  born(0);
  died(0);  // the next one takes its number
  void* const client = born(1);
  struck.refuse(72);
  struck.refuse(8);
  void* const server = born(2);
  witness_.add({EventKind::kGetCallback, kNobody, 0, 1});
  witness_.name(witness_.events().size() - 1, 1);
  witness_.settle_handshake(server, client);
  using Kind = StruckMoment::Kind;
  const std::vector<StruckMoment> expected = {
      {Kind::kEvent, 0, {EventKind::kBirth, kTemporary, 0, 0}, 0},
      {Kind::kEvent, 0, {EventKind::kDeath, kTemporary, 0, 0}, 0},
      {Kind::kEvent, 0, {EventKind::kBirth, 1, 0, 0}, 0},
      {Kind::kRefusal, 2, {}, 72},
      {Kind::kEvent, 0, {EventKind::kBirth, 0, 0, 0}, 0},
      {Kind::kEvent, 0, {EventKind::kGetCallback, 0, 0, 1}, 0}};
  EXPECT_EQ(std::vector(struck.moments().begin(), struck.moments().end()), expected);
}

TEST_F(WitnessTest, MomentsOfAStruckOperationBeyondTheBoundAreCounted) {
  StruckOperation struck;
  struck.begin(1, FaultKind::kAllocation);
  for (int i = 0; i < StruckOperation::kMax + 5; ++i) struck.add({EventKind::kBirth, 0, 0, 0});
  EXPECT_EQ(struck.moments().size(), std::size_t{StruckOperation::kMax});
  EXPECT_EQ(struck.left_out(), 5);
}

TEST_F(WitnessTest, AConnectionWithoutASessionHasNoPlace) {
  witness_.begin_operation();
  born(0);
  void* const server = born(1);
  witness_.settle_handshake(server, nullptr);
  EXPECT_EQ(witness_.address(0), server);
  EXPECT_EQ(witness_.address(1), &blocks_[0]);
}

TEST_F(WitnessTest, LaterOperationsGoOnFromTheNewNumbers) {
  witness_.begin_operation();
  born(0);
  void* const server = born(1);
  died(0);
  witness_.settle_handshake(server, nullptr);
  witness_.begin_operation();
  born(2);
  EXPECT_TRUE(witness_.events() == list({{EventKind::kBirth, 1, 0, 0}}));
  died(1);
  EXPECT_EQ(witness_.address(0), nullptr);
  EXPECT_EQ(witness_.events()[1].session, 0);
}

}  // namespace
}  // namespace lastref
