// Contexts and connections: settings, statistics, and who holds whom.
#include "lib/session/context.h"

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

class Context : public SessionTest {
 protected:
  Context() : context_(lr_CTX_new()) {}
  ~Context() override { lr_CTX_free(context_); }

  static std::uint32_t holders(const LR_CTX* context) { return context->references.value(); }

  LR_CTX* context_;
};

TEST_F(Context, SettersReturnTheValueBefore) {
  EXPECT_EQ(lr_CTX_get_session_cache_mode(context_), LR_SESS_CACHE_SERVER);
  EXPECT_EQ(lr_CTX_set_session_cache_mode(context_, LR_SESS_CACHE_BOTH), LR_SESS_CACHE_SERVER);
  EXPECT_EQ(lr_CTX_get_session_cache_mode(context_), LR_SESS_CACHE_BOTH);
  EXPECT_EQ(lr_CTX_sess_set_cache_size(context_, 0), 20480);
  EXPECT_EQ(lr_CTX_sess_get_cache_size(context_), 0);
  EXPECT_EQ(lr_CTX_set_timeout(context_, -1), 7200);
  EXPECT_EQ(lr_CTX_get_timeout(context_), -1);
}

TEST_F(Context, StatisticsStartAtZero) {
  EXPECT_EQ(lr_CTX_sess_number(context_), 0);
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 0);
  EXPECT_EQ(lr_CTX_sess_hits(context_), 0);
  EXPECT_EQ(lr_CTX_sess_misses(context_), 0);
  EXPECT_EQ(lr_CTX_sess_timeouts(context_), 0);
}

TEST_F(Context, CallbacksAreWhatWasSet) {
  EXPECT_EQ(lr_CTX_sess_get_new_cb(context_), nullptr);
  EXPECT_EQ(lr_CTX_sess_get_get_cb(context_), nullptr);
  EXPECT_EQ(lr_CTX_sess_get_remove_cb(context_), nullptr);
  lr_new_session_cb* on_new = [](LR_SSL*, LR_SESSION*) { return 0; };
  lr_get_session_cb* on_get = [](LR_SSL*, const unsigned char*, int, int*) -> LR_SESSION* {
    return nullptr;
  };
  lr_remove_session_cb* on_remove = [](LR_CTX*, LR_SESSION*) {};
  lr_CTX_sess_set_new_cb(context_, on_new);
  lr_CTX_sess_set_get_cb(context_, on_get);
  lr_CTX_sess_set_remove_cb(context_, on_remove);
  EXPECT_EQ(lr_CTX_sess_get_new_cb(context_), on_new);
  EXPECT_EQ(lr_CTX_sess_get_get_cb(context_), on_get);
  EXPECT_EQ(lr_CTX_sess_get_remove_cb(context_), on_remove);
}

TEST_F(Context, UpRefIsOneMoreReference) {
  EXPECT_EQ(lr_CTX_up_ref(context_), 1);
  EXPECT_EQ(holders(context_), 2U);
  lr_CTX_free(context_);
  EXPECT_EQ(lr_CTX_up_ref(nullptr), 0);
}

TEST_F(Context, ConnectionHoldsItTwiceAndKeepsItAlive) {
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* session = make("a");
  lr_CTX_add_session(context, session);
  LR_SSL* connection = lr_SSL_new(context);
  EXPECT_EQ(holders(context), 3U);
  lr_CTX_free(context);
  EXPECT_EQ(line_of(context), "a:2");
  lr_SSL_free(connection);
  EXPECT_EQ(references(session), 1U);
  lr_SESSION_free(session);
  EXPECT_EQ(lr_SSL_new(nullptr), nullptr);
}

TEST_F(Context, SetSslCtxChangesTheFirstOfTheTwo) {
  LR_CTX* other = lr_CTX_new();
  LR_SSL* connection = lr_SSL_new(context_);
  EXPECT_EQ(lr_SSL_get_SSL_CTX(connection), context_);
  EXPECT_EQ(lr_SSL_set_SSL_CTX(connection, other), other);
  EXPECT_EQ(lr_SSL_get_SSL_CTX(connection), other);
  EXPECT_EQ(holders(context_), 2U);
  EXPECT_EQ(holders(other), 2U);
  EXPECT_EQ(lr_SSL_set_SSL_CTX(connection, other), other);
  EXPECT_EQ(holders(other), 2U);
  EXPECT_EQ(lr_SSL_set_SSL_CTX(connection, nullptr), context_);
  EXPECT_EQ(holders(context_), 3U);
  EXPECT_EQ(lr_SSL_set_SSL_CTX(connection, other), other);
  lr_CTX_free(other);
  lr_SSL_free(connection);
  EXPECT_EQ(holders(context_), 1U);
}

using Connection = Context;

TEST_F(Connection, SetSessionAcquiresAndReleasesTheOneBefore) {
  LR_SSL* connection = lr_SSL_new(context_);
  EXPECT_EQ(lr_SSL_get0_session(connection), nullptr);
  EXPECT_EQ(lr_SSL_get1_session(connection), nullptr);
  LR_SESSION* a = make("a");
  LR_SESSION* b = make("b");
  EXPECT_EQ(lr_SSL_set_session(connection, a), 1);
  EXPECT_EQ(references(a), 2U);
  EXPECT_EQ(lr_SSL_set_session(connection, a), 1);
  EXPECT_EQ(references(a), 2U);
  EXPECT_EQ(lr_SSL_set_session(connection, b), 1);
  EXPECT_EQ(references(a), 1U);
  EXPECT_EQ(references(b), 2U);
  EXPECT_EQ(lr_SSL_set_session(connection, nullptr), 1);
  EXPECT_EQ(references(b), 1U);
  EXPECT_EQ(lr_SSL_get0_session(connection), nullptr);
  lr_SESSION_free(a);
  lr_SESSION_free(b);
  lr_SSL_free(connection);
}

TEST_F(Connection, SettingItsOnlySessionAgainKeepsItAlive) {
  LR_SSL* connection = lr_SSL_new(context_);
  LR_SESSION* a = make("a");
  lr_SSL_set_session(connection, a);
  lr_SESSION_free(a);
  EXPECT_EQ(lr_SSL_set_session(connection, a), 1);
  EXPECT_EQ(references(a), 1U);
  lr_SSL_free(connection);
}

TEST_F(Connection, ClearKeepsTheSessionThatWasSet) {
  LR_SSL* connection = lr_SSL_new(context_);
  LR_SESSION* a = make("a");
  lr_SSL_set_session(connection, a);
  EXPECT_EQ(lr_SSL_clear(connection), 1);
  EXPECT_EQ(lr_SSL_get0_session(connection), a);
  EXPECT_EQ(lr_SSL_clear(nullptr), 0);
  lr_SESSION_free(a);
  lr_SSL_free(connection);
}

TEST_F(Connection, FreeLeavesTheSessionInTheCacheAndResumable) {
  LR_SSL* connection = lr_SSL_new(context_);
  LR_SESSION* a = make("a");
  lr_CTX_add_session(context_, a);
  lr_SSL_set_session(connection, a);
  lr_SSL_free(connection);
  EXPECT_EQ(line_of(context_), "a:2");
  EXPECT_EQ(lr_SESSION_is_resumable(a), 1);
  lr_SESSION_free(a);
}

TEST(Memory, FunctionsCannotChangeOnceMemoryWasGivenOut) {
  lr_SESSION_free(lr_SESSION_new());
  EXPECT_EQ(lr_set_mem_functions(nullptr, nullptr, nullptr), 0);
}

TEST(Memory, VersionIsOurs) { EXPECT_THAT(lr_version(), ::testing::StartsWith("lastref ")); }

}  // namespace
}  // namespace lr::testing
