// The adapter of GnuTLS through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "harness/target/adapter_fixture.h"

namespace lastref {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GnutlsTest : public AdapterTest {
 protected:
  static void SetUpTestSuite() { start("gnutls"); }

  static void* context() { return perform({.operation = LASTREF_OP_CONTEXT_NEW}).object; }
  static void end(void* context) {
    perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
  }
  static int64_t set(uint32_t operation, void* context, int64_t value) {
    return perform({.operation = operation, .context = context, .value = value}).value;
  }
  static int64_t number(void* context) {
    return perform({.operation = LASTREF_OP_GET_NUMBER, .context = context}).value;
  }
  static void* connect(void* context) {
    return perform({.operation = LASTREF_OP_CONNECTION_NEW, .context = context}).object;
  }
  static lastref_result on(uint32_t operation, void* connection, void* session = nullptr) {
    return perform({.operation = operation, .session = session, .connection = connection});
  }
  static int64_t shake(void* client, void* server, int64_t stop = LASTREF_STOP_COMPLETE) {
    return perform({.operation = LASTREF_OP_HANDSHAKE,
                    .connection = client,
                    .peer = server,
                    .value = stop})
        .value;
  }

  // A client and a server of one context: TLS 1.2 without tickets, or 1.3 with them.
  struct Pair {
    explicit Pair(bool tls13 = false) {
      set(LASTREF_OP_SET_TICKETS, of, tls13 ? 1 : 0);
      if (tls13) set(LASTREF_OP_SET_PROTOCOL, of, 0x0304);
      client = connect(of);
      server = connect(of);
    }
    ~Pair() {
      on(LASTREF_OP_CONNECTION_FREE, client);
      on(LASTREF_OP_CONNECTION_FREE, server);
      end(of);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    void clear() const {
      on(LASTREF_OP_CONNECTION_CLEAR, client);
      on(LASTREF_OP_CONNECTION_CLEAR, server);
    }

    void* of = context();
    void* client = nullptr;
    void* server = nullptr;
  };
};

TEST_F(GnutlsTest, EveryClaimedObservationWorks) {
  const ProbeResult result = probe();
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_THAT(target().version(), HasSubstr("GnuTLS 3."));
}

TEST_F(GnutlsTest, WhatTheLibraryLacksIsUnsupported) {
  for (const int operation :
       {LASTREF_OP_LIMIT - 1, +LASTREF_OP_SESSION_UP_REF, +LASTREF_OP_SESSION_DUP,
        +LASTREF_OP_CACHE_ADD, +LASTREF_OP_CACHE_LOOKUP, +LASTREF_OP_SET_CACHE_SIZE,
        +LASTREF_OP_CONTEXT_UP_REF, +LASTREF_OP_I2D, +LASTREF_OP_SET_ID}) {
    EXPECT_EQ(perform({.operation = static_cast<uint32_t>(operation)}).unsupported, 1U)
        << operation;
  }
}

TEST_F(GnutlsTest, TheLibrarysMemoryIsTheHosts) {
  const std::size_t before = blocks().size();
  {
    const Pair pair;
    EXPECT_GT(blocks().size(), before + 5) << "a context, two connections and what they have";
    EXPECT_EQ(shake(pair.client, pair.server), 1);
    const std::size_t established = blocks().size();
    void* session = on(LASTREF_OP_COPY_SESSION, pair.client).object;
    EXPECT_EQ(blocks().size(), established + 2) << "a session and its data";
    drop(session);
    EXPECT_EQ(blocks().size(), established);
  }
  EXPECT_EQ(blocks().size(), before);
}

TEST_F(GnutlsTest, NoBlockOfTheLibrarysOwnIsTakenForASession) {
  const std::size_t size = probe().session_size;
  const Pair pair;
  EXPECT_EQ(shake(pair.client, pair.server), 1);
  for (const auto& [block, bytes] : blocks()) EXPECT_NE(bytes, size);
}

TEST_F(GnutlsTest, AHandshakeFillsTheDatabaseAndRemoveOwnEmptiesIt) {
  const Pair pair;
  EXPECT_EQ(shake(pair.client, pair.server), 1);
  EXPECT_EQ(number(pair.of), 1);
  on(LASTREF_OP_REMOVE_OWN, pair.client);
  EXPECT_EQ(number(pair.of), 1) << "a client has no database";
  on(LASTREF_OP_REMOVE_OWN, pair.server);
  EXPECT_EQ(number(pair.of), 0);
}

TEST_F(GnutlsTest, ASessionIsACopyThatResumes) {
  const Pair pair;
  EXPECT_EQ(shake(pair.client, pair.server), 1);
  void* session = on(LASTREF_OP_COPY_SESSION, pair.client).object;
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(view(session).time, kNow);
  EXPECT_EQ(id_of(session).size(), 32U);
  pair.clear();
  EXPECT_EQ(on(LASTREF_OP_SET_SESSION, pair.client, session).value, 1);
  const std::string id = id_of(session);
  drop(session);
  EXPECT_EQ(shake(pair.client, pair.server), 2) << "the data was copied";
  session = on(LASTREF_OP_COPY_SESSION, pair.server).object;
  EXPECT_EQ(id_of(session), id);
  drop(session);
}

TEST_F(GnutlsTest, ATicketOfTls13IsReadBehindTheHandshakeAndResumes) {
  const std::size_t before = blocks().size();
  {
    const Pair pair(true);
    EXPECT_EQ(shake(pair.client, pair.server), 1);
    EXPECT_EQ(number(pair.of), 0);
    void* session = on(LASTREF_OP_COPY_SESSION, pair.client).object;
    void* dummy = on(LASTREF_OP_COPY_SESSION, pair.server).object;
    EXPECT_EQ(view(session).time, kNow);
    EXPECT_EQ(view(dummy).time, 0) << "a server has no ticket";
    for (const auto& [set, result] : {std::pair(dummy, 1), std::pair(session, 2)}) {
      pair.clear();
      EXPECT_EQ(on(LASTREF_OP_SET_SESSION, pair.client, set).value, 1);
      EXPECT_EQ(shake(pair.client, pair.server), result);
    }
    drop(session);
    drop(dummy);
  }
  EXPECT_EQ(blocks().size(), before);
}

TEST_F(GnutlsTest, ASessionWithoutDataIsRefused) {
  const Pair pair;
  void* session = perform({.operation = LASTREF_OP_SESSION_NEW}).object;
  EXPECT_EQ(on(LASTREF_OP_SET_SESSION, pair.client, session).value, 0);
  EXPECT_EQ(on(LASTREF_OP_SET_SESSION, pair.client).value, 0);
  EXPECT_EQ(on(LASTREF_OP_COPY_SESSION, pair.client).object, nullptr);
  EXPECT_EQ(view(session).resumable, 0);
  drop(session);
}

TEST_F(GnutlsTest, HandshakesThatEndEarlyLeaveNothingBehind) {
  const std::size_t before = blocks().size();
  for (const int64_t stop : {LASTREF_STOP_AFTER_CLIENT_HELLO, LASTREF_STOP_AFTER_SERVER_FLIGHT,
                             LASTREF_STOP_REFUSED, LASTREF_STOP_CLIENT_REFUSES}) {
    const Pair pair;
    EXPECT_EQ(shake(pair.client, pair.server, stop), 0) << stop;
    EXPECT_EQ(number(pair.of), 0) << stop;
  }
  EXPECT_EQ(blocks().size(), before);
}

TEST_F(GnutlsTest, ATimeoutIsAWeekAtMostAndAContextComesBackToItsBirth) {
  void* of = context();
  EXPECT_EQ(set(LASTREF_OP_SET_DEFAULT_TIMEOUT, of, std::numeric_limits<int64_t>::max()), 21600);
  EXPECT_EQ(set(LASTREF_OP_SET_DEFAULT_TIMEOUT, of, -1), 604800);
  EXPECT_EQ(target().reset_context(of), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_DEFAULT_TIMEOUT, .context = of}).value, 21600);
  end(of);
}

}  // namespace
}  // namespace lastref
