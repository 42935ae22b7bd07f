// Who is in a cache decides who is alive: each test frees a session and uses it while the cache
// holds it, or no longer does.
#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

void expect_alive(const std::string& text, const std::string& handle,
                  const Contract& contract = Contract()) {
  expect_legal(text + "get_id " + handle + "\n", contract);
}
void expect_dead(const std::string& text, const std::string& handle,
                 const Contract& contract = Contract()) {
  expect_broken(kSessionIsDead, text + "get_id " + handle + " #!\n", contract);
}

// A session of this id, time and timeout that only the cache of c0 holds.
std::string cached(const std::string& handle, const std::string& id,
                   const std::string& time = "1000000000", const std::string& timeout = "300") {
  return handle + " = new\nset_id " + handle + " " + id + "\nset_time " + handle + " " + time +
         "\nset_timeout " + handle + " " + timeout + "\nadd c0 " + handle + "\nfree " + handle +
         "\n";
}
std::string made(const std::string& handle, const std::string& id) {
  return handle + " = new\nset_id " + handle + " " + id + "\n";
}
const std::string kContext = "c0 = ctx_new\n";

TEST(CacheRules, TheCacheHoldsWhatIsAdded) {
  const std::string text = kContext + cached("s0", "id_a");
  expect_alive(text, "s0");
  expect_alive(text + "add c0 s0\nremove c0 s0\n" + cached("s0", "id_a"), "s0");
  expect_dead(text + "add c0 s0\nremove c0 s0\n", "s0");
  expect_dead(text + "flush c0 0\n", "s0");
  expect_dead(text + "ctx_free c0\n", "s0");
}

TEST(CacheRules, AnotherObjectWithTheKeyTakesThePlace) {
  const std::string same = kContext + cached("s0", "id_a") + made("s1", "id_a") + "add c0 s1\n";
  expect_dead(same, "s0");
  const std::string other = kContext + cached("s0", "id_a") + made("s1", "id_d") + "add c0 s1\n";
  expect_alive(other, "s0");
  const std::string version =
      kContext + cached("s0", "id_a") + made("s1", "id_a") + "set_version s1 tls1.3\nadd c0 s1\n";
  expect_alive(version, "s0");
  expect_dead(version, "s0", with({{"cache-key", "id"}}));
}

TEST(CacheRules, TheKeyIsThatOfTheTimeOfAdding) {
  const std::string rekeyed = kContext + cached("s0", "id_a") + "set_id s0 id_b\n";
  expect_alive(rekeyed + made("s1", "id_b") + "add c0 s1\n", "s0");
  expect_dead(rekeyed + made("s1", "id_a") + "add c0 s1\n", "s0");
  expect_dead(rekeyed + made("s1", "id_a") + "remove c0 s1\n", "s0");
  expect_dead(rekeyed + "remove c0 s0\n", "s0");
}

TEST(CacheRules, RemovingMatchesByKeyOrByObject) {
  const std::string text = kContext + cached("s0", "id_a") + made("s1", "id_a") + "remove c0 s1\n";
  expect_dead(text, "s0");
  expect_alive(text, "s0", with({{"remove-matches", "object"}}));
}

TEST(CacheRules, AFullCacheLetsGoOfTheFirstToExpire) {
  const std::string text = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a", "1000000300") +
                           cached("s1", "id_b", "1") + cached("s2", "id_c", "0");
  expect_dead(text, "s1");
  expect_alive(text, "s0");
  expect_alive(text, "s2");
  const Contract insertion = with({{"eviction-order", "insertion"}});
  expect_dead(text, "s0", insertion);
  expect_alive(text, "s1", insertion);
}

TEST(CacheRules, AmongEqualsTheOldestGoes) {
  const std::string size = kContext + "set_cache_size c0 2\n";
  const std::string two = size + cached("s0", "id_a") + cached("s1", "id_b");
  expect_dead(two + cached("s2", "id_c"), "s0");
  for (const std::string again : {"set_time s0 1000000000\n", "set_timeout s0 300\n"}) {
    expect_alive(two + again + cached("s2", "id_c"), "s0");
    expect_dead(two + again + cached("s2", "id_c"), "s1");
    expect_dead(two + again + cached("s2", "id_c"), "s0", with({{"eviction-order", "insertion"}}));
  }
}

TEST(CacheRules, ANegativeTimeoutIsRefusedOrNot) {
  const std::string text = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a") +
                           cached("s1", "id_b", "999999700", "300") + "set_timeout s0 -1\n";
  // Refused: s1 is the first to expire. Zero: both at one time, and s0 has been sorted after s1.
  expect_dead(text + cached("s2", "id_c"), "s1");
  const std::string nearly = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a") +
                             cached("s1", "id_b", "999999700", "300") + "set_time s0 999999700\n" +
                             "set_timeout s0 -1\n" + cached("s2", "id_c");
  expect_dead(nearly, "s1");
  expect_dead(nearly, "s0", with({{"negative-timeout", "zero"}}));
  expect_dead(nearly, "s0", with({{"negative-timeout", "kept"}}));
  const std::string zero = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a", "0", "0") +
                           cached("s1", "id_b", "0", "0") + "set_timeout s0 -1\n" +
                           cached("s2", "id_c");
  expect_dead(zero, "s0");
  expect_dead(zero, "s1", with({{"negative-timeout", "zero"}}));
  expect_dead(zero, "s0", with({{"negative-timeout", "kept"}}));
}

TEST(CacheRules, AnEndBeyondAllTimeIsTheLast) {
  const std::string forever = "9223372036854775807";
  const std::string text = kContext + "set_cache_size c0 2\n" +
                           cached("s0", "id_a", "1000000000", forever) +
                           cached("s1", "id_b", "0", forever) + cached("s2", "id_c");
  expect_alive(text, "s0");
  expect_dead(text, "s1");
  // Both beyond it, and the second by less.
  const std::string two =
      kContext + "set_cache_size c0 2\n" + cached("s0", "id_a", "1000000000", forever) +
      cached("s1", "id_b", "1", forever) + cached("s2", "id_c", "9223372036854775807", forever);
  expect_dead(two, "s0");
  expect_dead(two, "s1", with({{"never-expiring-order", "by-sum"}}));
  const std::string flushed = kContext + cached("s0", "id_a", "1", forever) + "flush c0 " + forever;
  expect_alive(flushed + "\n", "s0");
}

TEST(CacheRules, AddingAgainKeepsThePlaceOrNot) {
  const std::string text = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a") +
                           cached("s1", "id_b") + "add c0 s0\n" + cached("s2", "id_c");
  expect_dead(text, "s0");
  expect_dead(text, "s1", with({{"add-again", "refreshes-place"}}));
}

TEST(CacheRules, UpdateTimeSetsTheTimeOnAdding) {
  const std::string mode = kContext + "set_cache_size c0 2\nset_mode c0 server|update_time\n";
  const std::string text = mode + cached("s0", "id_a", "0") + "set_mode c0 server\n" +
                           cached("s1", "id_b", "1") + cached("s2", "id_c");
  expect_dead(text, "s1");
  expect_dead(text, "s0", with({{"update-time-on-add", "no"}}));
  const std::string again = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a", "0") +
                            cached("s1", "id_b", "1") +
                            "set_mode c0 server|update_time\nadd c0 s0\n" + cached("s2", "id_c");
  expect_dead(again, "s1");
  expect_dead(again, "s0", with({{"update-time-on-add", "no"}}));
}

TEST(CacheRules, UpdateTimePutsASessionBehindItsEquals) {
  const std::string text = kContext + "set_cache_size c0 2\n" + cached("s0", "id_a", "0") +
                           cached("s1", "id_b") + "set_mode c0 server|update_time\nadd c0 s0\n" +
                           cached("s2", "id_c");
  expect_dead(text, "s1");
  expect_dead(text, "s0", with({{"eviction-order", "insertion"}}));
  expect_dead(text, "s1",
              with({{"eviction-order", "insertion"}, {"add-again", "refreshes-place"}}));
}

TEST(CacheRules, TheClockIsWhatNewAndUpdateTimeSet) {
  const std::string text =
      kContext + "clock 300\n" + made("s0", "id_a") + "set_timeout s0 1\nadd c0 s0\nfree s0\n";
  expect_alive(text + "flush c0 1000000300\n", "s0");
  expect_dead(text + "flush c0 1000000305\n", "s0");
}

TEST(CacheRules, ANewSessionHasTheContractsTimeout) {
  const std::string text = kContext + "s0 = new\nset_time s0 1\nadd c0 s0\nfree s0\n" +
                           cached("s1", "id_b", "1", "304") + "set_cache_size c0 2\n" +
                           cached("s2", "id_c");
  expect_dead(text, "s0");
  expect_dead(text, "s1", with({{"new-timeout", "7200"}}));
}

TEST(CacheRules, CapacityIsExactOrOneLess) {
  const std::string text =
      kContext + "set_cache_size c0 2\n" + cached("s0", "id_a") + cached("s1", "id_b");
  expect_alive(text, "s0");
  expect_dead(text, "s0", with({{"cache-capacity", "one-less"}}));
  expect_alive(text, "s1", with({{"cache-capacity", "one-less"}}));
}

TEST(CacheRules, ZeroIsNoLimitAndAContextBeginsWithTheContracts) {
  const std::string three = cached("s0", "id_a") + cached("s1", "id_b") + cached("s2", "id_c");
  expect_alive(kContext + "set_cache_size c0 0\n" + three, "s0");
  expect_alive(kContext + three, "s0");
  expect_dead(kContext + three, "s0", with({{"cache-size", "2"}}));
}

TEST(CacheRules, AFlushTakesWhatExpiredBefore) {
  const std::string text = kContext + cached("s0", "id_a", "1", "300");
  expect_alive(text + "flush c0 1\n", "s0");
  expect_dead(text + "flush c0 999999700\n", "s0");
  const std::string at = kContext + cached("s0", "id_a", "999999700", "300");
  expect_alive(at + "flush c0 1000000000\n", "s0");
  expect_dead(at + "flush c0 1000000300\n", "s0");
  expect_alive(at + "flush c0 -1\n", "s0");
}

TEST(CacheRules, HazardsAreRules) {
  const Contract rekey = with(Hazard::REKEY_CACHED);
  const std::string held = kContext + made("s0", "id_a") + "add c0 s0\n";
  for (const std::string set : {"set_id s0 id_b", "set_version s0 tls1.3"}) {
    expect_legal(held + set + "\n");
    expect_broken(kRekeyed, held + set + " #!\n", rekey);
    expect_legal(joined(held, "remove c0 s0\n", set, "\n"), rekey);
  }
  expect_legal(held + "set_time s0 1\nset_hostname s0 host_a\n", rekey);

  const Contract epoch = with(Hazard::TIME_BEFORE_EPOCH);
  expect_legal("s0 = new\nset_time s0 -1\n");
  expect_broken(kBeforeEpoch, "s0 = new\nset_time s0 -1 #!\n", epoch);
  expect_legal("s0 = new\nset_time s0 0\n", epoch);

  const Contract empty = with(Hazard::EMPTY_ID_CACHED);
  for (const std::string use : {"add c0 s0", "remove c0 s0"}) {
    expect_legal(joined(kContext, "s0 = new\n", use, "\n"));
    expect_broken(kEmptyId, joined(kContext, "s0 = new\n", use, " #!\n"), empty);
    expect_broken(kEmptyId, joined(kContext, made("s0", "id_long"), use, " #!\n"), empty);
    expect_legal(joined(kContext, made("s0", "id_d"), use, "\n"), empty);
  }
}

}  // namespace
}  // namespace lastref::rules
