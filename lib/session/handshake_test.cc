// Handshakes: which sessions the two sides are left with, and what their caches and callbacks got.
#include <string>

#include "lib/session/handshake_fixture.h"

namespace lr::testing {
namespace {

class Handshake : public HandshakeTest {
 protected:
  void set_modes(long mode) {
    lr_CTX_set_session_cache_mode(client_context_, mode);
    lr_CTX_set_session_cache_mode(server_context_, mode);
  }
  std::string cached() const {
    return std::to_string(lr_CTX_sess_number(client_context_)) + " client, " +
           std::to_string(lr_CTX_sess_number(server_context_)) + " server";
  }
  static std::string id_of(const Connection& connection) {
    unsigned length = 0;
    const auto* id = lr_SESSION_get_id(lr_SSL_get0_session(connection.get()), &length);
    return {reinterpret_cast<const char*>(id), length};
  }
};

TEST_F(Handshake, GivesBothSidesASessionOfTheirOwnWithOneId) {
  EXPECT_EQ(shake(), 1);
  EXPECT_NE(lr_SSL_get0_session(client_.get()), lr_SSL_get0_session(server_.get()));
  EXPECT_EQ(id_of(client_), id_of(server_));
  EXPECT_EQ(id_of(client_).size(), std::size_t{LR_MAX_SESSION_ID_LENGTH});
  EXPECT_EQ(references(lr_SSL_get0_session(client_.get())), 1U);
  EXPECT_EQ(references(lr_SSL_get0_session(server_.get())), 2U) << "the connection and the cache";
  EXPECT_EQ(lr_SSL_is_init_finished(client_.get()), 1);
  EXPECT_EQ(lr_SSL_session_reused(client_.get()), 0);
}

TEST_F(Handshake, TakesTheTimeoutOfItsContext) {
  lr_CTX_set_timeout(client_context_, 11);
  lr_CTX_set_timeout(server_context_, 22);
  shake();
  EXPECT_EQ(lr_SESSION_get_timeout(lr_SSL_get0_session(client_.get())), 11);
  EXPECT_EQ(lr_SESSION_get_timeout(lr_SSL_get0_session(server_.get())), 22);
}

TEST_F(Handshake, StoresInTheCachesThatTheModesName) {
  const struct {
    long mode;
    const char* cached;
  } cases[] = {
      {LR_SESS_CACHE_OFF, "0 client, 0 server"},
      // A server that does not cache gives no id, and what has none is cached by nobody.
      {LR_SESS_CACHE_CLIENT, "0 client, 0 server"},
      {LR_SESS_CACHE_SERVER, "0 client, 1 server"},
      {LR_SESS_CACHE_BOTH, "1 client, 1 server"},
      {LR_SESS_CACHE_BOTH | LR_SESS_CACHE_NO_INTERNAL_STORE, "0 client, 0 server"},
  };
  for (const auto& of : cases) {
    set_modes(of.mode);
    begin();
    EXPECT_EQ(shake(), 1);
    EXPECT_EQ(cached(), of.cached) << of.mode;
    lr_CTX_flush_sessions(client_context_, 0);
    lr_CTX_flush_sessions(server_context_, 0);
  }
}

TEST_F(Handshake, NewCallbackThatReturnsOneKeepsAReference) {
  static LR_SESSION* kept;
  lr_CTX_sess_set_new_cb(server_context_, [](LR_SSL*, LR_SESSION* session) {
    kept = session;
    return 1;
  });
  shake();
  ASSERT_EQ(kept, lr_SSL_get0_session(server_.get()));
  EXPECT_EQ(references(kept), 3U);
  lr_CTX_flush_sessions(server_context_, 0);
  begin();
  EXPECT_EQ(references(kept), 1U);
  lr_SESSION_free(kept);
}

TEST_F(Handshake, NewCallbackThatReturnsZeroKeepsNone) {
  lr_CTX_sess_set_new_cb(server_context_, [](LR_SSL*, LR_SESSION*) { return 0; });
  shake();
  EXPECT_EQ(references(lr_SSL_get0_session(server_.get())), 2U);
}

TEST_F(Handshake, NewCallbackIsNotCalledForASideThatDoesNotCacheNorForAResumption) {
  static int calls;
  calls = 0;
  lr_new_session_cb* count = [](LR_SSL*, LR_SESSION*) { return ++calls * 0; };
  lr_CTX_sess_set_new_cb(client_context_, count);
  lr_CTX_sess_set_new_cb(server_context_, count);
  const Session session = established();
  EXPECT_EQ(calls, 1) << "the server's alone";
  EXPECT_TRUE(resumes(session));
  EXPECT_EQ(calls, 1);
}

TEST_F(Handshake, CutAfterAnyFlightLeavesNothingInACacheButWhatTheServerFinished) {
  set_modes(LR_SESS_CACHE_BOTH);
  const struct {
    int point;
    const char* cached;
  } cases[] = {
      {LR_HANDSHAKE_AFTER_CLIENT_HELLO, "0 client, 0 server"},
      {LR_HANDSHAKE_AFTER_SERVER_FLIGHT, "0 client, 0 server"},
      {LR_HANDSHAKE_REFUSED, "0 client, 0 server"},
      {LR_HANDSHAKE_AFTER_CLIENT_FLIGHT, "0 client, 1 server"},
  };
  for (const auto& of : cases) {
    begin();
    EXPECT_EQ(shake(of.point), 0);
    EXPECT_EQ(cached(), of.cached) << of.point;
    EXPECT_EQ(lr_SSL_is_init_finished(client_.get()), 0);
  }
}

TEST_F(Handshake, ThatIsRefusedRemovesTheSessionOfBothSides) {
  set_modes(LR_SESS_CACHE_BOTH);
  const Session session = established();
  EXPECT_EQ(cached(), "1 client, 1 server");
  begin(session.get());
  EXPECT_EQ(shake(LR_HANDSHAKE_REFUSED), 0);
  EXPECT_EQ(cached(), "0 client, 0 server");
  EXPECT_EQ(lr_SESSION_is_resumable(session.get()), 0);
}

TEST_F(Handshake, WithADamagedFlightLeavesNothingToResume) {
  set_modes(LR_SESS_CACHE_BOTH);
  for (int point = LR_HANDSHAKE_DAMAGED_CLIENT_HELLO; point <= LR_HANDSHAKE_DAMAGED_LAST_FLIGHT;
       ++point) {
    begin();
    EXPECT_EQ(shake(point), 0) << point;
    EXPECT_EQ(cached(), "0 client, 0 server") << point;
  }
  for (int point = LR_HANDSHAKE_DAMAGED_CLIENT_HELLO; point <= LR_HANDSHAKE_DAMAGED_CLIENT_FLIGHT;
       ++point) {
    const Session session = established();
    begin(session.get());
    EXPECT_EQ(shake(point), 0) << point;
    EXPECT_EQ(lr_SESSION_is_resumable(session.get()), 0) << point;
    EXPECT_FALSE(resumes(session)) << point;
  }
}

TEST_F(Handshake, ThatResumesHasNoLastFlightToBeDamaged) {
  const Session session = established();
  begin(session.get());
  EXPECT_EQ(shake(LR_HANDSHAKE_DAMAGED_LAST_FLIGHT), 1);
  EXPECT_EQ(lr_SSL_session_reused(client_.get()), 1);
}

TEST_F(Handshake, WhoseCertificateTheClientRefusesLeavesNothingToResume) {
  set_modes(LR_SESS_CACHE_BOTH);
  EXPECT_EQ(shake(LR_HANDSHAKE_CLIENT_REFUSES), 0);
  EXPECT_EQ(cached(), "0 client, 0 server");
  for (const Connection* connection : {&client_, &server_}) {
    EXPECT_EQ(lr_SSL_is_init_finished(connection->get()), 0);
    EXPECT_EQ(references(lr_SSL_get0_session(connection->get())), 1U);
  }
}

TEST_F(Handshake, ThatResumesHasNoCertificateForTheClientToRefuse) {
  const Session session = established();
  begin(session.get());
  EXPECT_EQ(shake(LR_HANDSHAKE_CLIENT_REFUSES), 1);
  EXPECT_EQ(lr_SSL_session_reused(client_.get()), 1);
  EXPECT_EQ(lr_SESSION_is_resumable(session.get()), 1);
}

// SSL_CTX_set_tlsext_servername_callback(3).

TEST_F(Handshake, ServernameCallbackSwitchesTheContextAndNotTheCache) {
  lr_servername_cb* switches = [](LR_SSL* connection, int*, void* to) {
    lr_SSL_set_SSL_CTX(connection, static_cast<LR_CTX*>(to));
    return LR_TLSEXT_ERR_OK;
  };
  lr_CTX_set_tlsext_servername_callback(server_context_, switches);
  lr_CTX_set_tlsext_servername_arg(server_context_, client_context_);
  set_modes(LR_SESS_CACHE_BOTH);
  EXPECT_EQ(shake(), 1);
  EXPECT_EQ(lr_SSL_get_SSL_CTX(server_.get()), client_context_);
  EXPECT_EQ(cached(), "1 client, 1 server");
}

TEST_F(Handshake, ServernameCallbackOfTheContextInUseComesFirst) {
  lr_servername_cb* refuses = [](LR_SSL*, int*, void*) { return LR_TLSEXT_ERR_ALERT_FATAL; };
  lr_CTX_set_tlsext_servername_callback(server_context_, refuses);
  lr_SSL_set_SSL_CTX(server_.get(), client_context_);
  EXPECT_EQ(shake(), 0) << "that of the context that the connection was made from";
  begin();
  lr_CTX_set_tlsext_servername_callback(client_context_,
                                        [](LR_SSL*, int*, void*) { return LR_TLSEXT_ERR_NOACK; });
  lr_SSL_set_SSL_CTX(server_.get(), client_context_);
  EXPECT_EQ(shake(), 1);
}

TEST_F(Handshake, ThatAServernameCallbackRefusesRemovesTheSessionThatWasFound) {
  const Session session = established();
  lr_CTX_set_tlsext_servername_callback(
      server_context_, [](LR_SSL*, int*, void*) { return LR_TLSEXT_ERR_ALERT_FATAL; });
  begin(session.get());
  EXPECT_EQ(shake(), 0);
  EXPECT_EQ(cached(), "0 client, 0 server");
}

TEST_F(Handshake, NeedsConnectionsThatAreNotEstablished) {
  EXPECT_EQ(lr_handshake(nullptr, server_.get(), LR_HANDSHAKE_COMPLETE), 0);
  EXPECT_EQ(shake(), 1);
  EXPECT_EQ(shake(), 0);
  EXPECT_EQ(lr_SSL_clear(client_.get()), 1);
  EXPECT_EQ(shake(), 0);
  EXPECT_EQ(lr_SSL_clear(server_.get()), 1);
  EXPECT_EQ(shake(), 1);
}

// SSL_clear(3), SSL_shutdown(3): a session whose connection was not shut down is bad.

TEST_F(Handshake, ConnectionFreedWithoutShutdownTakesItsSessionOutOfTheCache) {
  shake();
  EXPECT_EQ(cached(), "0 client, 1 server");
  server_.reset();
  EXPECT_EQ(cached(), "0 client, 0 server");
}

TEST_F(Handshake, ConnectionShutDownLeavesItsSessionInTheCache) {
  EXPECT_EQ(lr_SSL_shutdown(server_.get()), -1) << "nothing to shut down yet";
  shake();
  EXPECT_EQ(lr_SSL_shutdown(server_.get()), 0) << "the client has not answered";
  server_.reset();
  EXPECT_EQ(cached(), "0 client, 1 server");
}

// SSL_CTX_set_quiet_shutdown(3): "The session is thus considered to be shutdown, but no
// close_notify alert is sent to the peer."
TEST_F(Handshake, QuietShutdownIsOverAtOnceAndKeepsTheSessionToo) {
  shake();
  lr_SSL_set_quiet_shutdown(server_.get(), 1);
  EXPECT_EQ(lr_SSL_shutdown(server_.get()), 1);
  lr_SSL_set_quiet_shutdown(client_.get(), 1);
  lr_SSL_set_quiet_shutdown(client_.get(), 0);
  EXPECT_EQ(lr_SSL_shutdown(client_.get()), 0);
  server_.reset();
  EXPECT_EQ(cached(), "0 client, 1 server");
}

TEST_F(Handshake, ClearDropsABadSessionAndKeepsAGoodOne) {
  shake();
  EXPECT_EQ(lr_SSL_clear(server_.get()), 1);
  EXPECT_EQ(lr_SSL_get0_session(server_.get()), nullptr);
  EXPECT_EQ(cached(), "0 client, 0 server");
  lr_SSL_shutdown(client_.get());
  EXPECT_EQ(lr_SSL_clear(client_.get()), 1);
  EXPECT_NE(lr_SSL_get0_session(client_.get()), nullptr);
}

TEST_F(Handshake, SettingAnotherSessionTakesABadOneOutOfTheCache) {
  shake();
  lr_SSL_set_session(server_.get(), nullptr);
  EXPECT_EQ(cached(), "0 client, 0 server");
}

TEST_F(Handshake, UsesTheCacheOfTheContextThatTheConnectionWasMadeFrom) {
  LR_CTX* other = lr_CTX_new();
  lr_SSL_set_SSL_CTX(server_.get(), other);
  shake();
  EXPECT_EQ(lr_CTX_sess_number(other), 0);
  EXPECT_EQ(cached(), "0 client, 1 server");
  server_.reset();
  EXPECT_EQ(cached(), "0 client, 0 server") << "a bad session leaves that cache too";
  lr_CTX_free(other);
}

TEST_F(Handshake, ClearsExpiredSessionsEvery255Handshakes) {
  LR_SESSION* expired = make("x", 1000, 1);
  ASSERT_EQ(lr_CTX_add_session(server_context_, expired), 1);
  for (int i = 1; i < 255; ++i) {
    begin();
    shake();
  }
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 255);
  EXPECT_EQ(references(expired), 2U);
  begin();
  shake();
  EXPECT_EQ(references(expired), 1U);
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 255);
  EXPECT_EQ(lr_CTX_sess_accept_good(server_context_), 255);
  EXPECT_EQ(lr_CTX_sess_connect_good(client_context_), 255);
  lr_SESSION_free(expired);
}

TEST_F(Handshake, DoesNotClearExpiredSessionsInModeNoAutoClear) {
  set_modes(LR_SESS_CACHE_SERVER | LR_SESS_CACHE_NO_AUTO_CLEAR);
  LR_SESSION* expired = make("x", 1000, 1);
  ASSERT_EQ(lr_CTX_add_session(server_context_, expired), 1);
  for (int i = 0; i < 256; ++i) {
    begin();
    shake();
  }
  EXPECT_EQ(references(expired), 2U);
  lr_SESSION_free(expired);
}

TEST_F(Handshake, ThatLacksMemoryLeavesNothingBehindAndCanBeMadeAgain) {
  set_modes(LR_SESS_CACHE_BOTH);
  lr_CTX_clear_options(server_context_, LR_OP_NO_TICKET);
  bool failed = true;
  for (long n = 1; failed; ++n) {
    begin();
    fail_allocation(n);
    const int complete = shake();
    failed = allocation_failed();
    fail_allocation(0);
    EXPECT_EQ(complete, failed ? 0 : 1) << n;
    for (const Connection* connection : {&client_, &server_}) lr_SSL_clear(connection->get());
    EXPECT_EQ(shake(), 1) << n;
  }
}

}  // namespace
}  // namespace lr::testing
