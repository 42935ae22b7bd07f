// Adding to a cache, removing from it, and callbacks that act on it while it does. The cache is
// stated after each step, from the latest expiry to the earliest.
#include <ctime>
#include <utility>

#include "lib/session/store_fixture.h"

namespace lr::testing {
namespace {

TEST_F(Store, AddTakesAReferenceAndAddingAgainTakesNone) {
  LR_SESSION* a = add("a");
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(lr_CTX_add_session(context_, a), 0);
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(lr_CTX_sess_number(context_), 1);
  EXPECT_EQ(lr_CTX_add_session(context_, nullptr), 0);
  EXPECT_EQ(told(), "");
}

TEST_F(Store, AddingAgainKeepsThePlace) {
  LR_SESSION* a = add("a");
  add("b");
  EXPECT_EQ(line(), "b:2 a:2");
  EXPECT_EQ(lr_CTX_add_session(context_, a), 0);
  EXPECT_EQ(line(), "b:2 a:2");
}

TEST_F(Store, InModeUpdateTimeAddingSetsTheTimeAlsoOfACachedSession) {
  lr_CTX_set_session_cache_mode(context_, LR_SESS_CACHE_SERVER | LR_SESS_CACHE_UPDATE_TIME);
  const std::time_t before = std::time(nullptr);
  LR_SESSION* a = add("a", 1000);
  EXPECT_GE(lr_SESSION_get_time(a), before);
  add("b", 1000, 400);
  lr_SESSION_set_time(a, 1000);
  EXPECT_EQ(line(), "b:2 a:2");
  lr_SESSION_set_timeout(a, 1000);
  EXPECT_EQ(lr_CTX_add_session(context_, a), 0);
  EXPECT_GE(lr_SESSION_get_time(a), before);
  EXPECT_EQ(line(), "a:2 b:2");
}

TEST_F(Store, AddReplacesTheOneWithTheSameKey) {
  watch_deaths();
  give("a");
  EXPECT_EQ(told(), "born");
  LR_SESSION* twin = add("a");
  EXPECT_EQ(told(), "born remove(a) free(a)");
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(lr_CTX_remove_session(context_, twin), 1);
  EXPECT_EQ(line(), "");
  EXPECT_EQ(told(), "remove(a)");
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 0);
}

TEST_F(Store, ReplacedSessionStaysResumableForItsHolder) {
  LR_SESSION* old = add("a");
  add("a");
  EXPECT_EQ(references(old), 1U);
  EXPECT_EQ(lr_SESSION_is_resumable(old), 1);
}

TEST_F(Store, KeyIsIdAndVersion) {
  add("a");
  LR_SESSION* other = hold("a");
  lr_SESSION_set_protocol_version(other, 772);
  EXPECT_EQ(lr_CTX_add_session(context_, other), 1);
  EXPECT_EQ(line(), "a:2 a:2");
  add("ab");
  EXPECT_EQ(lr_CTX_sess_number(context_), 3);
}

TEST_F(Store, EmptyIdIsAnIdLikeAnyOther) {
  LR_SESSION* first = add("");
  EXPECT_EQ(line(), "-:2");
  LR_SESSION* second = add("");
  EXPECT_EQ(line(), "-:2");
  EXPECT_EQ(references(first), 1U);
  EXPECT_EQ(lr_CTX_remove_session(context_, second), 1);
  EXPECT_EQ(line(), "");
  EXPECT_EQ(told(), "remove(-) remove(-)");
}

TEST_F(Store, KeyIsTheOneOfTheAdding) {
  LR_SESSION* a = add("a");
  lr_SESSION_set1_id(a, reinterpret_cast<const unsigned char*>("x"), 1);
  // Another x is a stranger, another a is the twin.
  add("x");
  EXPECT_EQ(line(), "x:2 x:2");
  add("a");
  EXPECT_EQ(line(), "a:2 x:2");
  EXPECT_EQ(references(a), 1U);
  EXPECT_EQ(told(), "remove(x)");
}

TEST_F(Store, RemoveFindsTheObjectAlsoUnderAnotherId) {
  LR_SESSION* a = add("a");
  lr_SESSION_set1_id(a, reinterpret_cast<const unsigned char*>("x"), 1);
  lr_SESSION_set_protocol_version(a, 769);
  EXPECT_EQ(lr_CTX_remove_session(context_, a), 1);
  EXPECT_EQ(line(), "");
  EXPECT_EQ(told(), "remove(x)");
}

TEST_F(Store, RemoveMarksAndReleases) {
  LR_SESSION* a = add("a");
  EXPECT_EQ(lr_SESSION_is_resumable(a), 1);
  EXPECT_EQ(lr_CTX_remove_session(context_, a), 1);
  EXPECT_EQ(references(a), 1U);
  EXPECT_EQ(lr_SESSION_is_resumable(a), 0);
  EXPECT_EQ(told(), "remove(a)");
  EXPECT_EQ(lr_CTX_remove_session(context_, a), 0);
  EXPECT_EQ(lr_CTX_remove_session(context_, nullptr), 0);
  EXPECT_EQ(told(), "");
}

TEST_F(Store, RemoveOfAStrangerChangesNothing) {
  add("a");
  LR_SESSION* b = hold("b");
  EXPECT_EQ(lr_CTX_remove_session(context_, b), 0);
  EXPECT_EQ(lr_SESSION_is_resumable(b), 1);
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(told(), "");
}

TEST_F(Store, RemoveOfATwinRemovesTheCachedOneAndMarksTheArgument) {
  LR_SESSION* cached = add("a");
  LR_SESSION* twin = hold("a");
  static LR_SESSION* removed;
  removed = nullptr;
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX*, LR_SESSION* session) { removed = session; });
  EXPECT_EQ(lr_CTX_remove_session(context_, twin), 1);
  EXPECT_EQ(removed, cached);
  EXPECT_EQ(line(), "");
  EXPECT_EQ(references(cached), 1U);
  EXPECT_EQ(references(twin), 1U);
  EXPECT_EQ(lr_SESSION_is_resumable(twin), 0);
  EXPECT_EQ(lr_SESSION_is_resumable(cached), 1);
}

TEST_F(Store, RemovedSessionCanBeAddedAgain) {
  LR_SESSION* a = add("a");
  lr_CTX_remove_session(context_, a);
  EXPECT_EQ(lr_CTX_add_session(context_, a), 1);
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(lr_SESSION_is_resumable(a), 0);
}

TEST_F(Store, SessionIsInOneCacheAtMost) {
  LR_SESSION* a = add("a");
  LR_CTX* other = lr_CTX_new();
  lr_CTX_set_session_cache_mode(other, LR_SESS_CACHE_UPDATE_TIME);
  EXPECT_EQ(lr_CTX_add_session(other, a), 0);
  EXPECT_EQ(lr_SESSION_get_time(a), 1000);
  EXPECT_EQ(lr_CTX_remove_session(other, a), 0);
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(line_of(other), "");
  lr_CTX_remove_session(context_, a);
  EXPECT_EQ(lr_CTX_add_session(other, a), 1);
  EXPECT_EQ(line_of(other), "a:2");
  lr_CTX_free(other);
}

// Callbacks run with no lock held and may do anything.
LR_CTX* callback_context;
LR_SESSION* callback_session;

TEST_F(Store, RemoveCallbackMayCallTheContext) {
  callback_context = context_;
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION* session) {
    EXPECT_EQ(context, callback_context);
    EXPECT_EQ(lr_CTX_sess_number(context), 0);
    EXPECT_EQ(lr_CTX_remove_session(context, session), 0);
    lr_CTX_flush_sessions(context, 0);
    lr_SSL_free(lr_SSL_new(context));
    lr_CTX_sess_set_remove_cb(context, nullptr);
    EXPECT_EQ(lr_CTX_add_session(context, session), 1);
  });
  LR_SESSION* a = add("a");
  add("b");
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(line(), "a:2");
  EXPECT_EQ(references(a), 2U);
}

TEST_F(Store, SessionsAddedDuringAFlushAreNotFlushedForEver) {
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION* session) {
    EXPECT_EQ(lr_CTX_add_session(context, session), 1);
  });
  add("a");
  add("b");
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(line(), "b:2 a:2");
  watch(context_);
}

TEST_F(Store, NothingIsAddedToAContextThatDies) {
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION* session) {
    EXPECT_EQ(lr_CTX_add_session(context, session), 0);
  });
  add("a");
  lr_CTX_free(std::exchange(context_, nullptr));
  EXPECT_EQ(references(held_[0]), 1U);
}

TEST_F(Store, RemoveCallbackMayReleaseTheLastReferenceToTheContext) {
  callback_context = context_;
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION*) {
    lr_CTX_sess_set_remove_cb(context, nullptr);
    lr_CTX_free(std::exchange(callback_context, nullptr));
  });
  LR_SESSION* a = add("a");
  add("b");
  EXPECT_EQ(lr_CTX_remove_session(context_, a), 1);
  context_ = nullptr;
  for (LR_SESSION* session : held_) EXPECT_EQ(references(session), 1U);
}

TEST_F(Store, RemoveCallbackMayReleaseTheSessionThatIsBeingAdded) {
  give("a");
  callback_session = make("a");
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX*, LR_SESSION*) {
    lr_SESSION_free(std::exchange(callback_session, nullptr));
  });
  EXPECT_EQ(lr_CTX_add_session(context_, callback_session), 1);
  EXPECT_EQ(line(), "a:1");
}

TEST_F(Store, RemoveCallbackMayAddTheSessionThatIsBeingAdded) {
  give("a");
  callback_session = hold("a");
  lr_CTX_sess_set_remove_cb(context_, [](LR_CTX* context, LR_SESSION*) {
    EXPECT_EQ(lr_CTX_add_session(context, callback_session), 1);
  });
  EXPECT_EQ(lr_CTX_add_session(context_, callback_session), 0);
  EXPECT_EQ(line(), "a:2");
  watch(context_);
}

TEST_F(Store, CacheGrowsAndFindsAll) {
  lr_CTX_sess_set_remove_cb(context_, nullptr);
  for (unsigned i = 0; i < 2000; ++i) {
    const unsigned char id[2] = {static_cast<unsigned char>(i), static_cast<unsigned char>(i >> 8)};
    LR_SESSION* session = lr_SESSION_new();
    lr_SESSION_set1_id(session, id, 2);
    EXPECT_EQ(lr_CTX_add_session(context_, session), 1);
    lr_SESSION_free(session);
  }
  EXPECT_EQ(lr_CTX_sess_number(context_), 2000);
  line();
}

}  // namespace
}  // namespace lr::testing
