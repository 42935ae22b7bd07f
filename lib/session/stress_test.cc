// Four threads on one or two caches. Made for ThreadSanitizer; without it, that all adds up at the
// end.
#include <array>
#include <atomic>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 10'000;

void in_threads(const std::function<void(std::mt19937&)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&work, i] {
      std::mt19937 random(i);
      work(random);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

std::atomic<long> removed{0};

class Stress : public SessionTest {
 protected:
  Stress() : context_(lr_CTX_new()), other_(lr_CTX_new()) {
    lr_CTX_sess_set_cache_size(context_, 5);
    for (char id = 'a'; id < 'i'; ++id) shared_.push_back(make(std::string(1, id)));
  }
  ~Stress() override {
    line_of(context_);
    line_of(other_);
    lr_CTX_free(context_);
    lr_CTX_free(other_);
    for (LR_SESSION* session : shared_) {
      EXPECT_EQ(references(session), 1U);
      lr_SESSION_free(session);
    }
  }

  LR_CTX* context_;
  LR_CTX* other_;
  std::vector<LR_SESSION*> shared_;
};

TEST_F(Stress, SharedSessionsInTwoCaches) {
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION* session) {
    ++removed;
    EXPECT_GE(lr_CTX_sess_number(context), 0);
    EXPECT_NE(lr_SESSION_get_timeout(session), -1);
  });
  in_threads([this](std::mt19937& random) {
    for (int round = 0; round < kRounds; ++round) {
      LR_SESSION* session = shared_[random() % shared_.size()];
      LR_CTX* context = random() % 8 == 0 ? other_ : context_;
      switch (random() % 12) {
        case 0:
        case 1:
        case 2:
        case 3:
          lr_CTX_add_session(context, session);
          break;
        case 4:
        case 5:
          lr_CTX_remove_session(context, session);
          break;
        case 6:
          lr_SESSION_set_time(session, static_cast<long>(random() % 1000));
          break;
        case 7:
          lr_SESSION_set_timeout(session, static_cast<long>(random() % 1000));
          break;
        case 8:
          lr_CTX_flush_sessions(context, static_cast<long>(random() % 1500));
          break;
        case 9:
          lr_SESSION_up_ref(session);
          lr_SESSION_free(session);
          break;
        case 10:
          lr_SESSION_free(lr_SESSION_dup(session));
          break;
        default:
          lr_SESSION_is_resumable(session);
          lr_CTX_set_session_cache_mode(context, random() % 2 == 0 ? LR_SESS_CACHE_UPDATE_TIME : 2);
          lr_CTX_sess_set_cache_size(context, static_cast<long>(random() % 7));
          break;
      }
    }
  });
  EXPECT_GT(removed, 0);
}

TEST_F(Stress, OwnSessionsDieInTheCache) {
  in_threads([this](std::mt19937& random) {
    for (int round = 0; round < kRounds; ++round) {
      LR_SESSION* session = lr_SESSION_new();
      const auto id = static_cast<unsigned char>('a' + random() % 16);
      lr_SESSION_set1_id(session, &id, 1);
      lr_CTX_add_session(context_, session);
      if (random() % 4 == 0) lr_CTX_remove_session(context_, session);
      lr_SESSION_free(session);
      if (random() % 64 == 0) lr_CTX_flush_sessions(context_, 0);
    }
  });
}

TEST_F(Stress, ConnectionsOnOneSessionAndContextsThatDie) {
  LR_SESSION* session = shared_[0];
  in_threads([this, session](std::mt19937& random) {
    for (int round = 0; round < kRounds; ++round) {
      LR_CTX* own = lr_CTX_new();
      LR_SSL* connection = lr_SSL_new(random() % 2 == 0 ? own : context_);
      lr_SSL_set_session(connection, session);
      EXPECT_EQ(lr_SSL_get1_session(connection), session);
      lr_SESSION_free(session);
      lr_SSL_set_SSL_CTX(connection, own);
      // Whichever thread is first; the others' set_time finds a home that may be going.
      lr_CTX_add_session(own, session);
      lr_SESSION_set_time(session, round);
      lr_CTX_free(own);
      lr_SSL_free(connection);
    }
  });
}

// Who searches has no mutex to keep apart from who adds, removes, and makes the table grow. First
// changes are many, then so few that the gate opens between them.
TEST_F(Stress, SearchesBesideChanges) {
  lr_CTX_sess_set_cache_size(context_, 0);
  std::atomic<long> found{0};
  in_threads([&](std::mt19937& random) {
    std::vector<LR_SESSION*> own;
    LR_SSL* connection = lr_SSL_new(context_);
    for (int round = 0; round < kRounds; ++round) {
      const std::array<unsigned char, 2> id = {static_cast<unsigned char>('A' + random() % 2),
                                               static_cast<unsigned char>(random() % 64)};
      const bool change = round < kRounds / 2 ? round % 4 == 0 : random() % 2048 == 0;
      if (!change) {
        found += lr_SSL_has_matching_session_id(connection, id.data(), id.size());
        continue;
      }
      own.push_back(lr_SESSION_new());
      lr_SESSION_set1_id(own.back(), id.data(), id.size());
      lr_CTX_add_session(context_, own.back());
      if (random() % 4 == 0) lr_CTX_remove_session(context_, own[random() % own.size()]);
    }
    lr_SSL_free(connection);
    for (LR_SESSION* session : own) lr_SESSION_free(session);
  });
  EXPECT_GT(found, 0);
  lr_CTX_flush_sessions(context_, 0);
}

// Four servers on one cache, clients that resume one shared session and others that begin anew.
TEST_F(Stress, HandshakesOverOneCache) {
  lr_CTX_set_options(context_, LR_OP_NO_TICKET);
  lr_CTX_set_session_cache_mode(other_, LR_SESS_CACHE_BOTH);
  const auto shake = [this](LR_SESSION* offered, bool clean) {
    LR_SSL* client = lr_SSL_new(other_);
    LR_SSL* server = lr_SSL_new(context_);
    lr_SSL_set_session(client, offered);
    EXPECT_EQ(lr_handshake(client, server, LR_HANDSHAKE_COMPLETE), 1);
    LR_SESSION* session = lr_SSL_get1_session(client);
    if (clean) lr_SSL_shutdown(server);
    lr_SSL_shutdown(client);
    lr_SSL_free(client);
    lr_SSL_free(server);
    return session;
  };
  LR_SESSION* first = shake(nullptr, true);
  in_threads([&](std::mt19937& random) {
    for (int round = 0; round < kRounds / 4; ++round) {
      lr_SESSION_free(shake(random() % 2 == 0 ? first : nullptr, random() % 8 != 0));
      if (random() % 64 == 0) lr_CTX_flush_sessions(context_, 0);
    }
  });
  lr_SESSION_free(first);
  lr_CTX_flush_sessions(other_, 0);
}

}  // namespace
}  // namespace lr::testing
