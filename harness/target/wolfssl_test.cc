// The adapter of wolfSSL through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "harness/target/adapter_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WolfsslTest : public AdapterTest {
 protected:
  static void SetUpTestSuite() { start("wolfssl"); }

  WolfsslTest() { events().clear(); }

  // A session with this id, which the library can give at its birth only.
  static void* make(const std::string& id) {
    return perform({.operation = LASTREF_OP_SESSION_NEW_WITH_ID,
                    .bytes = reinterpret_cast<const uint8_t*>(id.data()),
                    .length = id.size()})
        .object;
  }
  static void* context() { return perform({.operation = LASTREF_OP_CONTEXT_NEW}).object; }
  // The server's session of a handshake in which a client offers one, or nothing, and which comes
  // to `expected`.
  static void* shake_hands(void* context, void* offered, int64_t expected) {
    void* client = perform({.operation = LASTREF_OP_CONNECTION_NEW, .context = context}).object;
    void* server = perform({.operation = LASTREF_OP_CONNECTION_NEW, .context = context}).object;
    if (offered != nullptr) {
      perform({.operation = LASTREF_OP_SET_SESSION, .session = offered, .connection = client});
    }
    EXPECT_EQ(
        perform({.operation = LASTREF_OP_HANDSHAKE, .connection = client, .peer = server}).value,
        expected);
    void* made = perform({.operation = LASTREF_OP_GET1_SESSION, .connection = server}).object;
    for (void* connection : {client, server}) {
      perform({.operation = LASTREF_OP_CONNECTION_FREE, .connection = connection});
    }
    return made;
  }
  static void end(void* context) {
    perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
  }
};

TEST_F(WolfsslTest, EveryClaimedObservationWorks) {
  const ProbeResult result = probe();
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_GT(result.session_size, 30000U);
  EXPECT_THAT(target().version(), HasSubstr("wolfSSL 5."));
}

TEST_F(WolfsslTest, WhatTheLibraryLacksIsUnsupported) {
  for (const int operation : {LASTREF_OP_LIMIT - 1, +LASTREF_OP_SET_ID, +LASTREF_OP_SET_TIME,
                              +LASTREF_OP_GET_VERSION, +LASTREF_OP_COPY_SESSION}) {
    EXPECT_EQ(perform({.operation = static_cast<uint32_t>(operation)}).unsupported, 1U)
        << operation;
  }
}

TEST_F(WolfsslTest, ASessionCanHaveAnyIdUpToTheLongest) {
  const std::size_t before = blocks().size();
  for (const unsigned length : {0U, 1U, 16U, 31U, 32U}) {
    const std::string id(length, 'x');
    void* session = make(id);
    ASSERT_NE(session, nullptr) << length;
    EXPECT_EQ(id_of(session), id);
    drop(session);
  }
  EXPECT_EQ(make(std::string(33, 'x')), nullptr) << "d2i would write beyond the id";
  EXPECT_EQ(blocks().size(), before);
}

TEST_F(WolfsslTest, EncodingsRoundTrip) {
  void* session = make("id");
  const lastref_result own = perform({.operation = LASTREF_OP_I2D, .session = session});
  EXPECT_EQ(own.length, 0U) << "the library moves the pointer: take i2d-pointer-stays out";
  const std::string encoding(reinterpret_cast<const char*>(own.bytes),
                             static_cast<std::size_t>(own.value));
  const lastref_result made = perform({.operation = LASTREF_OP_I2D_ALLOCATE, .session = session});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(made.bytes), made.length), encoding);
  void* copy = perform({.operation = LASTREF_OP_D2I,
                        .bytes = reinterpret_cast<const uint8_t*>(encoding.data()),
                        .length = encoding.size()})
                   .object;
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(id_of(copy), "id");
  drop(copy);
  drop(session);
}

TEST_F(WolfsslTest, AConnectionHasASessionFromItsBirth) {
  void* of = context();
  const std::size_t before = blocks().size();
  void* connection = perform({.operation = LASTREF_OP_CONNECTION_NEW, .context = of}).object;
  void* own = perform({.operation = LASTREF_OP_GET0_SESSION, .connection = connection}).object;
  EXPECT_GT(blocks().at(own), 30000U);
  void* session = make("id");
  EXPECT_EQ(
      perform({.operation = LASTREF_OP_SET_SESSION, .session = session, .connection = connection})
          .value,
      1);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET0_SESSION, .connection = connection}).object, own);
  EXPECT_EQ(id_of(own), "id");
  drop(session);
  perform({.operation = LASTREF_OP_CONNECTION_FREE, .connection = connection});
  EXPECT_EQ(blocks().size(), before);
  end(of);
}

TEST_F(WolfsslTest, NoCallbackOfOneProgramRunsInTheNext) {
  void* of = context();
  void* session = make("shared");
  perform({.operation = LASTREF_OP_ON_REMOVE, .context = of, .value = 1});
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = of});
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = of});
  EXPECT_THAT(events(), ElementsAre("callback 3 of none"))
      << "the library gives a context: take callback-no-context out";
  end(of);
  target().quiesce();

  events().clear();
  void* next = context();
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = next});
  EXPECT_THAT(events(), IsEmpty());
  drop(session);
  end(next);
}

TEST_F(WolfsslTest, OnlyAContextThatIsAsNewIsReused) {
  void* of = context();
  perform({.operation = LASTREF_OP_SET_DEFAULT_TIMEOUT, .context = of, .value = 5});
  perform({.operation = LASTREF_OP_ON_REMOVE, .context = of, .value = 1});
  EXPECT_EQ(target().reset_context(of), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_DEFAULT_TIMEOUT, .context = of}).value, 500);
  perform({.operation = LASTREF_OP_SET_MODE, .context = of, .value = 0});
  EXPECT_EQ(target().reset_context(of), -1) << "the library turns its cache on again";
  end(of);
}

TEST_F(WolfsslTest, HandshakesAreResumedByTheTableOfTheProcessUntilTheProgramEnds) {
  void* of = context();
  const std::size_t before = blocks().size();
  std::vector<void*> sessions;
  for (int made = 0; made < 12; ++made) sessions.push_back(shake_hands(of, nullptr, 1));
  EXPECT_EQ(id_of(sessions.back()).size(), 32U);
  drop(shake_hands(of, sessions.back(), 2));
  target().quiesce();
  // What is added again makes the library look into more places of a row than it has filled.
  for (int made = 0; made < 12; ++made) {
    void* session = shake_hands(of, nullptr, 1);
    for (int again = 0; again < 2; ++again) {
      perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = of});
    }
    drop(session);
  }
  for (void* session : sessions) {
    drop(shake_hands(of, session, 1));
    drop(session);
  }
  EXPECT_EQ(blocks().size(), before);
  end(of);
}

// Which places of a row the end of a program fills depends on how far sessions that were added
// again moved the program on in it, and on what the end before left there.
TEST_F(WolfsslTest, NoSessionComesBackHoweverOftenSomeWereAddedAgain) {
  void* of = context();
  void* session = shake_hands(of, nullptr, 1);
  // Another one of its row: it has its id, the other side and the time 0, and so is never resumed.
  const lastref_result encoded = perform({.operation = LASTREF_OP_I2D, .session = session});
  std::string bytes(reinterpret_cast<const char*>(encoded.bytes),
                    static_cast<std::size_t>(encoded.value));
  bytes.front() ^= 1;
  bytes.replace(1, 4, 4, '\0');
  void* stale = perform({.operation = LASTREF_OP_D2I,
                         .bytes = reinterpret_cast<const uint8_t*>(bytes.data()),
                         .length = bytes.size()})
                    .object;
  ASSERT_NE(stale, nullptr);
  const auto add = [of](void* added, int times) {
    for (; times > 0; --times) {
      perform({.operation = LASTREF_OP_CACHE_ADD, .session = added, .context = of});
    }
  };
  constexpr int kPlacesOfARow = 3;
  constexpr int kWays = kPlacesOfARow * kPlacesOfARow * kPlacesOfARow;
  for (int way = 0; way < kWays; ++way) {
    target().quiesce();
    add(stale, way % kPlacesOfARow);
    drop(shake_hands(of, nullptr, 1));
    target().quiesce();
    add(stale, 1 + way / kPlacesOfARow % kPlacesOfARow);
    add(session, 1 + way / kPlacesOfARow / kPlacesOfARow);
    drop(shake_hands(of, nullptr, 1));
    target().quiesce();
    add(stale, kPlacesOfARow);
    drop(shake_hands(of, session, 1));
    ASSERT_FALSE(HasFailure()) << "way " << way;
  }
  drop(stale);
  drop(session);
  end(of);
}

TEST_F(WolfsslTest, ErrorsLeaveNoBlockBehind) { expect_errors_leave_no_block_behind(); }

}  // namespace
}  // namespace lastref
