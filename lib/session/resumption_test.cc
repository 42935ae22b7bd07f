// What a server resumes: by id from its cache, by id from the application, by ticket.
#include "lib/session/resumption.h"

#include <chrono>
#include <ctime>
#include <string>
#include <thread>

#include "lib/session/handshake_fixture.h"

namespace lr::testing {
namespace {

// What the get callback answers, and how often it was asked.
struct External {
  LR_SESSION* session = nullptr;
  int copy = -1;  // -1: the flag is left untouched
  int asked = 0;
  int length = -1;
};
External external;

LR_SESSION* answer(LR_SSL*, const unsigned char*, int length, int* copy) {
  ++external.asked;
  external.length = length;
  EXPECT_EQ(*copy, 1) << "what it is when the callback leaves it untouched";
  if (external.copy >= 0) *copy = external.copy;
  return external.session;
}

class Resumption : public HandshakeTest {
 protected:
  Resumption() { external = {}; }

  // A session as the server's cache had it, with a reference of ours, and out of that cache.
  Session taken_out() {
    begin();
    EXPECT_EQ(shake(), 1);
    client_session_.reset(lr_SSL_get1_session(client_.get()));
    Session session(lr_SSL_get1_session(server_.get()));
    begin();
    lr_CTX_flush_sessions(server_context_, 0);
    return session;
  }

  void hold_externally(LR_SESSION* session, int copy) {
    external.session = session;
    external.copy = copy;
    lr_CTX_sess_set_get_cb(server_context_, answer);
  }

  Session client_session_;
};

TEST_F(Resumption, ByIdSharesTheCachedSession) {
  const Session session = established();
  EXPECT_TRUE(resumes(session));
  EXPECT_EQ(lr_SSL_get0_session(client_.get()), session.get());
  EXPECT_EQ(references(lr_SSL_get0_session(server_.get())), 2U);
  EXPECT_EQ(lr_CTX_sess_hits(server_context_), 1);
  EXPECT_EQ(lr_CTX_sess_hits(client_context_), 1);
  EXPECT_EQ(lr_CTX_sess_misses(server_context_), 0);
}

TEST_F(Resumption, ServersCanAskWhetherTheirCacheHasAnId) {
  const Session session = established();
  begin();
  const auto has = [this](const std::string& id) {
    return lr_SSL_has_matching_session_id(server_.get(),
                                          reinterpret_cast<const unsigned char*>(id.data()),
                                          static_cast<unsigned>(id.size()));
  };
  unsigned length = 0;
  const unsigned char* id = lr_SESSION_get_id(session.get(), &length);
  const std::string known(id, id + length);
  EXPECT_EQ(has(known), 1);
  EXPECT_EQ(has(known.substr(1)), 0);
  EXPECT_EQ(has(known + std::string(LR_MAX_SESSION_ID_LENGTH, 'x')), 0) << "which is no id";
  EXPECT_EQ(lr_CTX_sess_hits(server_context_) + lr_CTX_sess_misses(server_context_), 0);
  lr_CTX_flush_sessions(server_context_, 0);
  EXPECT_EQ(has(known), 0);
}

TEST_F(Resumption, DoesNotChangeWhatItShares) {
  const Session session = established();
  unsigned char* before = nullptr;
  unsigned char* after = nullptr;
  const int size = lr_i2d_SESSION(session.get(), &before);
  EXPECT_TRUE(resumes(session));
  ASSERT_EQ(lr_i2d_SESSION(session.get(), &after), size);
  EXPECT_EQ(std::string(before, before + size), std::string(after, after + size));
  lr_free(before);
  lr_free(after);
}

TEST_F(Resumption, OfASessionThatLeftTheCacheIsAMiss) {
  const Session session = established();
  lr_CTX_flush_sessions(server_context_, 0);
  EXPECT_FALSE(resumes(session));
  EXPECT_EQ(lr_CTX_sess_misses(server_context_), 1);
  EXPECT_NE(lr_SSL_get0_session(client_.get()), session.get());
}

TEST_F(Resumption, OfAnExpiredSessionIsATimeoutAndRemovesIt) {
  const Session session = established();
  begin(session.get());
  lr_SSL_set_session(server_.get(), nullptr);
  // The server's twin is found through the handshake that resumes it.
  EXPECT_TRUE(resumes(session));
  lr_SESSION_set_time(lr_SSL_get0_session(server_.get()), 1000);
  EXPECT_FALSE(resumes(session));
  EXPECT_EQ(lr_CTX_sess_timeouts(server_context_), 1);
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 1) << "the new one alone";
}

TEST_F(Resumption, NeedsTheIdContextOfTheConnection) {
  const Session session = established();
  const unsigned char mine[] = {1, 2};
  EXPECT_EQ(lr_CTX_set_session_id_context(server_context_, mine, sizeof mine), 1);
  EXPECT_FALSE(resumes(session));
  const Session other(lr_SSL_get1_session(client_.get()));
  EXPECT_TRUE(resumes(other));
  begin(other.get());
  EXPECT_EQ(lr_SSL_set_session_id_context(server_.get(), mine, 1), 1);
  EXPECT_EQ(shake(), 1);
  EXPECT_EQ(lr_SSL_session_reused(server_.get()), 0);
}

TEST_F(Resumption, RefusesIdContextsThatAreTooLong) {
  const unsigned char bytes[LR_MAX_SID_CTX_LENGTH + 1] = {};
  EXPECT_EQ(lr_CTX_set_session_id_context(server_context_, bytes, sizeof bytes), 0);
  EXPECT_EQ(lr_SSL_set_session_id_context(server_.get(), bytes, sizeof bytes), 0);
}

TEST_F(Resumption, IsNotOfferedForAnythingThatIsNotResumable) {
  const Session session(make("", 1000, 300));
  lr_CTX_sess_set_get_cb(server_context_, answer);
  EXPECT_FALSE(resumes(session));
  EXPECT_EQ(external.asked, 0) << "nobody is asked for an empty id";
  EXPECT_EQ(lr_CTX_sess_misses(server_context_), 0);
}

TEST_F(Resumption, UpdatesTheTimeInThatModeOnly) {
  const Session session = established();
  EXPECT_TRUE(resumes(session));
  const long past = std::time(nullptr) - 100;
  lr_SESSION_set_time(lr_SSL_get0_session(server_.get()), past);
  EXPECT_TRUE(resumes(session));
  EXPECT_EQ(lr_SESSION_get_time(lr_SSL_get0_session(server_.get())), past);
  lr_CTX_set_session_cache_mode(server_context_, LR_SESS_CACHE_SERVER | LR_SESS_CACHE_UPDATE_TIME);
  EXPECT_TRUE(resumes(session));
  EXPECT_GT(lr_SESSION_get_time(lr_SSL_get0_session(server_.get())), past);
}

TEST_F(Resumption, InModeNoInternalLookupAsksTheApplicationAtOnce) {
  const Session session = established();
  lr_CTX_sess_set_get_cb(server_context_, answer);
  lr_CTX_set_session_cache_mode(server_context_,
                                LR_SESS_CACHE_SERVER | LR_SESS_CACHE_NO_INTERNAL_LOOKUP);
  EXPECT_FALSE(resumes(session));
  EXPECT_EQ(external.asked, 1);
  EXPECT_EQ(external.length, LR_MAX_SESSION_ID_LENGTH);
  EXPECT_EQ(lr_CTX_sess_misses(server_context_), 0) << "counts the internal cache";
}

// SSL_CTX_sess_set_get_cb(3), the copy flag: who releases the reference that the callback had.

TEST_F(Resumption, FromTheApplicationAcquiresAReferenceUnlessTheCopyFlagIsZero) {
  for (const int copy : {-1, 1, 0}) {
    const Session session = taken_out();
    lr_CTX_set_session_cache_mode(server_context_,
                                  LR_SESS_CACHE_SERVER | LR_SESS_CACHE_NO_INTERNAL_STORE);
    hold_externally(session.get(), copy);
    if (copy == 0) lr_SESSION_up_ref(session.get());  // the one that is handed over
    EXPECT_TRUE(resumes(client_session_)) << copy;
    EXPECT_EQ(references(session.get()), 2U) << "ours, and the server connection's";
    begin();
    EXPECT_EQ(references(session.get()), 1U) << copy;
    lr_CTX_set_session_cache_mode(server_context_, LR_SESS_CACHE_SERVER);
  }
  EXPECT_EQ(lr_CTX_sess_cb_hits(server_context_), 3);
}

TEST_F(Resumption, OfAMarkedSessionFromTheApplicationIsNoHit) {
  const Session session = taken_out();
  lr_CTX_add_session(server_context_, session.get());
  lr_CTX_remove_session(server_context_, session.get());
  hold_externally(session.get(), 1);
  EXPECT_FALSE(resumes(client_session_));
  EXPECT_EQ(lr_CTX_sess_cb_hits(server_context_), 0);
}

TEST_F(Resumption, FromTheApplicationIsStoredInTheCache) {
  const Session session = taken_out();
  hold_externally(session.get(), 1);
  EXPECT_TRUE(resumes(client_session_));
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 1);
  EXPECT_EQ(references(session.get()), 3U);
  EXPECT_TRUE(resumes(client_session_));
  EXPECT_EQ(external.asked, 1) << "found in the cache the second time";
}

TEST_F(Resumption, OfWhatTheApplicationHasAndMayNotBeResumedIsRefusedAndReleased) {
  const Session session = taken_out();
  lr_CTX_add_session(server_context_, session.get());
  lr_CTX_remove_session(server_context_, session.get());  // marks it
  lr_SESSION_up_ref(session.get());
  hold_externally(session.get(), 0);
  EXPECT_FALSE(resumes(client_session_));
  EXPECT_EQ(references(session.get()), 1U);
}

// Tickets.

class TicketResumption : public Resumption {
 protected:
  TicketResumption() { lr_CTX_clear_options(server_context_, LR_OP_NO_TICKET); }
};

TEST_F(TicketResumption, KeepsTheSessionOutOfTheServersCache) {
  const Session session = established();
  EXPECT_EQ(lr_SESSION_has_ticket(session.get()), 1);
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 0);
  EXPECT_TRUE(resumes(session));
  EXPECT_EQ(references(lr_SSL_get0_session(server_.get())), 1U);
  EXPECT_EQ(lr_CTX_sess_number(server_context_), 0);
  EXPECT_EQ(lr_CTX_sess_hits(server_context_), 1);
}

TEST_F(TicketResumption, NeedsTheKeyThatSealedIt) {
  const Session session = established();
  const unsigned char key[LR_TICKET_KEY_LENGTH] = {9};
  EXPECT_EQ(lr_CTX_set_ticket_key(server_context_, key, sizeof key - 1), 0);
  EXPECT_EQ(lr_CTX_set_ticket_key(server_context_, key, sizeof key), 1);
  EXPECT_FALSE(resumes(session));
  EXPECT_TRUE(resumes(Session(lr_SSL_get1_session(client_.get()))));
}

TEST_F(TicketResumption, OfAnExpiredTicketIsATimeout) {
  lr_CTX_set_timeout(server_context_, 0);
  const Session session = established();
  ASSERT_EQ(lr_CTX_sess_timeouts(server_context_), 0);
  begin(session.get());
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_FALSE(resumes(session));
  EXPECT_EQ(lr_CTX_sess_timeouts(server_context_), 1);
}

TEST_F(TicketResumption, ThatLacksMemoryIsAFullHandshakeOrFailsAndCanBeMadeAgain) {
  const Session session = established();
  bool failed = true;
  int without_resumption = 0;
  for (long n = 1; failed; ++n) {
    begin(session.get());
    fail_allocation(n);
    const int complete = shake();
    failed = allocation_failed();
    fail_allocation(0);
    const bool resumed = lr_SSL_session_reused(server_.get()) == 1;
    EXPECT_TRUE(failed || (complete == 1 && resumed)) << n;
    if (complete == 1 && !resumed) ++without_resumption;
    EXPECT_TRUE(resumes(session)) << n;
  }
  EXPECT_GT(without_resumption, 0);
}

TEST_F(TicketResumption, IsNotTriedByAServerWithoutTickets) {
  const Session session = established();
  lr_CTX_set_options(server_context_, LR_OP_NO_TICKET);
  EXPECT_FALSE(resumes(session));
}

}  // namespace
}  // namespace lr::testing
