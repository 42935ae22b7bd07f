#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

TEST(ReferenceRules, FreeNeedsAReference) {
  expect_legal("s0 = new\nup_ref s0\nfree s0\nfree s0\n");
  expect_broken(kSessionIsDead, "s0 = new\nfree s0\nfree s0 #!\n");
  expect_broken(kNothingToFree, "c0 = ctx_new\ns0 = new\nadd c0 s0\nfree s0\nfree s0 #!\n");
}

TEST(ReferenceRules, ABorrowedPointerIsNotFreed) {
  const std::string held = "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\nfree s0\n";
  expect_legal(held + "s1 = get1_session n0\nfree s1\n");
  expect_broken(kNothingToFree, held + "s1 = get0_session n0\nfree s1 #!\n");
}

TEST(ReferenceRules, ReferencesAreInterchangeableBetweenHandles) {
  expect_legal("s0 = new\ns1 = keep s0\nfree s1\nfree s1\n");
  expect_legal("s0 = new\ns1 = keep s0\nfree s0\nget_id s0\nfree s1\n");
}

TEST(ReferenceRules, NullMayBeFreedOnly) {
  expect_legal("free null\nfree s3\n");
  expect_broken(kSessionIsNull, "up_ref s0 #!\n");
  expect_broken(kSessionIsNull, "get_id s0 #!\n");
  expect_broken(kSessionIsNull, "s1 = dup s0 #!\n");
}

TEST(ReferenceRules, ADeadSessionIsNotUsed) {
  const std::string start = "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nb0 = i2d s0\n";
  for (const std::string use :
       {"get_id s0", "up_ref s0", "s1 = dup s0", "s1 = keep s0", "set_id s0 id_a", "b0 = i2d s0",
        "forget s0", "free s0", "add c0 s0", "remove c0 s0", "set_session n0 s0",
        "d2i_into s0 b0"}) {
    expect_broken(kSessionIsDead, joined(start, "free s0\n", use, " #!\n"));
    if (use != "forget s0") expect_legal(start + use + "\n");
  }
}

TEST(ReferenceRules, AHandleThatDanglesMayBeAssigned) {
  expect_legal("s0 = new\nfree s0\ns0 = new\nget_id s0\n");
}

TEST(ReferenceRules, TheLastNameIsNotLost) {
  const std::string context = "c0 = ctx_new\nn0 = ssl_new c0\nb0 = i2d s0\n";
  for (const char* assign :
       {"s0 = new", "s0 = dup s1", "s0 = keep s1", "s0 = get0_session n0", "s0 = get1_session n0",
        "s0 = d2i b0", "s0 = d2i_fresh b0", "forget s0"}) {
    const std::string text = "s0 = new\ns1 = new\n" + context;
    expect_broken(kNameLost, text + assign + " #!\n");
    expect_legal(text + "s2 = keep s0\n" + assign + "\n");
    if (assign != std::string_view("forget s0")) expect_legal(text + "free s0\n" + assign + "\n");
  }
}

TEST(ReferenceRules, ForgetEmptiesTheHandle) {
  expect_broken(kSessionIsNull, "s0 = new\ns1 = keep s0\nforget s0\nget_id s0 #!\n");
}

TEST(ReferenceRules, AssigningTheSamePointerLosesNothing) {
  expect_legal("s0 = new\ns0 = keep s0\n");
  expect_legal(
      "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\ns0 = get0_session n0\n");
}

TEST(ReferenceRules, ADuplicateIsAnObjectOfItsOwn) {
  expect_legal("s0 = new\ns1 = dup s0\nfree s0\nget_id s1\nfree s1\n");
  expect_broken(kSessionIsDead, "s0 = new\ns1 = dup s0\nfree s0\nget_id s0 #!\n");
}

// Brings that many sessions to life where a remove callback of c0 bears one.
std::string births(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "add c0 s0\nflush c0 0\nfree s1\n";
  return text;
}

TEST(ReferenceRules, SessionsAreCounted) {
  const std::string start = "c0 = ctx_new\ns0 = new\nb0 = i2d s0\non_remove c0 do ";
  for (const std::string bear : {"s1 = new", "s1 = dup s0"}) {
    expect_legal(start + bear + "\n" + births(23));
    expect_broken(kTooManySessions,
                  start + bear + " #!\n" + births(23) + "add c0 s0\nflush c0 0 #during\n");
  }
  for (const std::string bear : {"s2 = new", "s2 = dup s0", "s2 = d2i b0", "s2 = d2i_fresh b0"}) {
    expect_legal(joined(start, "s1 = new\n", births(22), bear, "\n"));
    expect_broken(kTooManySessions, joined(start, "s1 = new\n", births(23), bear, " #!\n"));
  }
}

TEST(ReferenceRules, ACopyOutOfAConnectionNeedsRoomForASession) {
  std::string most = "c0 = ctx_new\nn0 = ssl_new c0\n";
  for (int i = 0; i < 23; ++i) most += "s1 = new\nfree s1\n";
  const Contract copying = with({{"set-session", "unseen"}});
  expect_legal(most + "s0 = copy_session n0\n", copying);
  expect_broken(kTooManySessions, most + "s1 = new\ns0 = copy_session n0 #!\n", copying);
}

TEST(ReferenceRules, ADecodingIntoASessionNeedsRoomForAnother) {
  const std::string start =
      "c0 = ctx_new\ns0 = new\ns2 = new\nb0 = i2d s0\non_remove c0 do s1 = new\n";
  expect_legal(start + births(21) + "d2i_into s2 b0\n");
  expect_broken(kTooManySessions, start + births(22) + "d2i_into s2 b0 #!\n");
  // One that refills the object has not used the room.
  expect_legal(start + births(21) + "d2i_into s2 b0\ns3 = new\n");
  expect_broken(kTooManySessions, start + births(21) + "d2i_into s2 b0\ns3 = new #!\n",
                with({{"d2i-into", "replaces"}}));
}

// No program of 80 operations has that many, unless callbacks call their context.
TEST(ReferenceRules, ReferencesToOneSessionAreCounted) {
  const Contract contract;
  World world(contract);
  world.sessions.emplace_back().application = 1;
  world.handles[0] = 0;
  world.contexts[0].alive = true;
  world.contexts[0].application = 1;
  world.connections[0] = {true, 0, 0, 0};
  world.sessions[0].connections = 1;
  for (const char* acquire :
       {"up_ref s0", "s1 = keep s0", "s1 = get1_session n0", "set_session n0 s0", "add c0 s0"}) {
    const Operation operation = parsed(acquire).operations[0];
    world.sessions[0].application = kMaxReferences - 2;
    EXPECT_EQ(objection(world, operation).reason, "") << acquire;
    world.sessions[0].application = kMaxReferences - 1;
    EXPECT_EQ(objection(world, operation).reason, kTooManyReferences) << acquire;
  }
}

}  // namespace
}  // namespace lastref::rules
