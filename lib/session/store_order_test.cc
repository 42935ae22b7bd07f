// The order of a cache, and what leaves it by that: eviction, flush, the end of the context. The
// cache is stated after each step, from the latest expiry to the earliest.
#include <climits>
#include <string>
#include <utility>

#include "lib/session/store_fixture.h"

namespace lr::testing {
namespace {

using StoreOrder = Store;

TEST_F(StoreOrder, OrderIsByExpiryAndAmongEqualsTheNewestIsNearestTheHead) {
  add("a", 1000, 300);
  add("b", 900, 500);
  add("c", 1300, 0);
  add("d", 1, 1);
  add("e", 1400, 0);
  EXPECT_EQ(line(), "e:2 b:2 c:2 a:2 d:2");
}

TEST_F(StoreOrder, SumsThatOverflowNeverExpire) {
  add("a", LONG_MAX, 300);
  add("b", LONG_MAX - 1, 0);
  add("c", 1, LONG_MAX);
  add("d", -1, LONG_MAX);
  add("e", 0, LONG_MAX);
  EXPECT_EQ(line(), "c:2 a:2 e:2 d:2 b:2");
  lr_CTX_flush_sessions(context_, LONG_MAX);
  EXPECT_EQ(line(), "c:2 a:2 e:2");
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(line(), "");
}

TEST_F(StoreOrder, SetTimeAndTimeoutReSort) {
  LR_SESSION* a = add("a");
  LR_SESSION* b = add("b");
  LR_SESSION* c = add("c");
  EXPECT_EQ(line(), "c:2 b:2 a:2");
  lr_SESSION_set_time(a, 1001);
  EXPECT_EQ(line(), "a:2 c:2 b:2");
  lr_SESSION_set_timeout(c, 0);
  EXPECT_EQ(line(), "a:2 b:2 c:2");
  // To an equal expiry: it stands before its equals.
  lr_SESSION_set_time(c, 1300);
  EXPECT_EQ(line(), "a:2 c:2 b:2");
  lr_SESSION_set_timeout(b, 300);
  EXPECT_EQ(line(), "a:2 b:2 c:2");
  EXPECT_EQ(lr_SESSION_set_timeout(c, -1), 0);
  EXPECT_EQ(line(), "a:2 b:2 c:2");
}

TEST_F(StoreOrder, CacheOfASizeHoldsThatMany) {
  watch_deaths();
  lr_CTX_sess_set_cache_size(context_, 2);
  give("a", 1000);
  give("b", 1001);
  EXPECT_EQ(told(), "born born");
  give("c", 999);
  EXPECT_EQ(told(), "born remove(a) free(a)");
  EXPECT_EQ(line(), "b:1 c:1");
  give("d", 1000);
  EXPECT_EQ(line(), "b:1 d:1");
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 2);
}

TEST_F(StoreOrder, AmongEqualsTheOldestIsEvictedAndNeverTheOneBeingAdded) {
  lr_CTX_sess_set_cache_size(context_, 1);
  add("a", 2000);
  add("b", 1);
  EXPECT_EQ(line(), "b:2");
  add("c", 1);
  EXPECT_EQ(line(), "c:2");
}

TEST_F(StoreOrder, SmallerSizeTakesEffectWithTheNextAdding) {
  watch_deaths();
  for (const char* id : {"a", "b", "c"}) give(id);
  told();
  EXPECT_EQ(lr_CTX_sess_set_cache_size(context_, 1), 20480);
  EXPECT_EQ(line(), "c:1 b:1 a:1");
  give("b");
  // The replaced one first, then those that are too many, each with its callback and its release.
  EXPECT_EQ(told(), "born remove(b) free(b) remove(a) free(a) remove(c) free(c)");
  EXPECT_EQ(line(), "b:1");
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 2);
}

TEST_F(StoreOrder, SizeZeroIsNoLimit) {
  lr_CTX_sess_set_cache_size(context_, 0);
  for (char id = 'A'; id < 'z'; ++id) give(std::string(1, id));
  EXPECT_EQ(lr_CTX_sess_number(context_), 'z' - 'A');
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 0);
  line();
}

TEST_F(StoreOrder, ReplacingInAFullCacheEvictsNobody) {
  lr_CTX_sess_set_cache_size(context_, 2);
  add("a");
  add("b");
  add("a");
  EXPECT_EQ(line(), "a:2 b:2");
  EXPECT_EQ(lr_CTX_sess_cache_full(context_), 0);
}

TEST_F(StoreOrder, FlushRemovesWhatExpiredBeforeTheTime) {
  watch_deaths();
  give("a", 1000, 300);
  give("b", 1000, 301);
  give("c", 1000, 299);
  told();
  lr_CTX_flush_sessions(context_, 1299);
  EXPECT_EQ(told(), "");
  lr_CTX_flush_sessions(context_, 1301);
  EXPECT_EQ(told(), "remove(c) remove(a) free(c) free(a)");
  EXPECT_EQ(line(), "b:1");
  lr_CTX_flush_sessions(context_, -1);
  EXPECT_EQ(line(), "b:1");
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(told(), "remove(b) free(b)");
}

TEST_F(StoreOrder, FlushAndEvictionDoNotMark) {
  lr_CTX_sess_set_cache_size(context_, 1);
  LR_SESSION* a = add("a");
  LR_SESSION* b = add("b");
  EXPECT_EQ(lr_SESSION_is_resumable(a), 1);
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(lr_SESSION_is_resumable(b), 1);
}

TEST_F(StoreOrder, FlushOfManyCallsAllCallbacksFirst) {
  watch_deaths();
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const unsigned char id[2] = {'s', static_cast<unsigned char>(i)};
    LR_SESSION* session = lr_SESSION_new();
    lr_SESSION_set1_id(session, id, 2);
    lr_CTX_add_session(context_, session);
    lr_SESSION_free(session);
    expected += "remove(s) ";
  }
  line();
  told();
  lr_CTX_flush_sessions(context_, 0);
  EXPECT_EQ(told().substr(0, expected.size()), expected);
  EXPECT_EQ(lr_CTX_sess_number(context_), 0);
}

TEST_F(StoreOrder, EndOfTheContextIsAFlushOfAll) {
  watch_deaths();
  give("a", 1000);
  give("b", 900);
  told();
  lr_CTX_up_ref(context_);
  lr_CTX_free(context_);
  EXPECT_EQ(told(), "");
  lr_CTX_free(std::exchange(context_, nullptr));
  EXPECT_EQ(told(), "remove(b) remove(a) free(b) free(a)");
}

}  // namespace
}  // namespace lr::testing
