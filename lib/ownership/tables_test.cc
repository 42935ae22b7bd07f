// The ledger's tables when they are full, and references that found no slot in their object's
// record: as exact as others, and forgotten only when room is short.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "lastref/ownership.h"
#include "lib/ownership/ledger.h"

namespace lastref::ownership {
namespace {

constexpr std::array<char, 8> kIds{};
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};
const lastref_owner kCache{LASTREF_OWNER_CACHE, &kIds[0], nullptr, nullptr};

lastref_owner connection(std::size_t i) {
  return {LASTREF_OWNER_CONNECTION, &kIds[i], nullptr, nullptr};
}

class Tables : public testing::Test {
 protected:
  Tables() : objects_(64 * kShards) {
    lastref_ledger_reset();
    lastref_object_begin(&object_);
  }
  ~Tables() override { lastref_ledger_reset(); }

  // Another object in the same part of the ledger.
  const void* neighbour() const {
    for (const long& candidate : objects_) {
      if (shard_of(&candidate) == shard_of(&object_)) return &candidate;
    }
    ADD_FAILURE() << "no object falls into the part";
    return nullptr;
  }

  // Takes references to an object until the part has no room left.
  static void fill(const void* object) {
    const std::size_t before = lastref_ledger_dropped();
    while (lastref_ledger_dropped() == before) lastref_acquire(object, kApplication);
  }

  // Releases what the owner does not hold; the references that it is remembered for.
  std::uint32_t remembered(const lastref_owner& owner) const {
    EXPECT_EQ(lastref_release(&object_, owner), LASTREF_LEDGER_DOUBLE_FREE);
    std::vector<lastref_ledger_finding> all(LASTREF_LEDGER_FINDINGS);
    all.resize(lastref_ledger_findings(all.data(), all.size()));
    return all.empty() ? 0 : all.back().candidate_count;
  }

  void pass(const lastref_owner& owner) const {
    EXPECT_NE(lastref_acquire(&object_, owner), 0U);
    EXPECT_EQ(lastref_release(&object_, owner), LASTREF_LEDGER_OK);
  }

  long object_ = 0;
  std::vector<long> objects_;
};

TEST_F(Tables, CookiesOfManyReferencesNameEachOfThem) {
  std::vector<lastref_cookie> cookies(20);
  for (lastref_cookie& cookie : cookies) cookie = lastref_acquire(&object_, kApplication);
  std::uint32_t left = 20;
  for (const lastref_cookie cookie : cookies) {
    --left;
    EXPECT_EQ(lastref_release_cookie(cookie, nullptr),
              left == 0 ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK);
    EXPECT_EQ(lastref_outstanding(&object_), left);
  }
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
  for (const lastref_cookie cookie : cookies) {
    EXPECT_EQ(lastref_release_cookie(cookie, nullptr), LASTREF_LEDGER_DOUBLE_FREE);
  }
}

TEST_F(Tables, ACookieFromTheListNamesItsOnlyCandidate) {
  for (std::uint32_t i = 0; i < kSlots; ++i) lastref_acquire(&object_, kApplication);
  const lastref_cookie cookie = lastref_acquire(&object_, kCache);
  EXPECT_EQ(lastref_release_cookie(cookie, &kIds[1]), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_release_cookie(cookie, &kIds[2]), LASTREF_LEDGER_DOUBLE_FREE);
  lastref_ledger_finding finding{};
  ASSERT_EQ(lastref_ledger_findings(&finding, 1), 1U);
  EXPECT_EQ(finding.candidate_count, 1U);
  EXPECT_EQ(finding.owner.kind, LASTREF_OWNER_CACHE);
  EXPECT_EQ(finding.released_from, &kIds[1]);
}

TEST_F(Tables, CookiesOfPlacesThatDoNotExistAreUnknown) {
  lastref_acquire(&object_, kApplication);
  const std::size_t part = shard_of(&object_);
  for (const lastref_cookie none :
       {common_cookie(part, 0, true), common_cookie(part, kReferences + 1, true),
        common_cookie(part, 0, false), common_cookie(part, (kObjects + 1) * kSlots, false)}) {
    EXPECT_EQ(lastref_release_cookie(none | 1, nullptr), LASTREF_LEDGER_UNKNOWN);
    EXPECT_EQ(lastref_transfer_cookie(none | 1, kCache), LASTREF_LEDGER_UNKNOWN);
  }
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

TEST_F(Tables, AnAddressUsedAnewGivesBackTheRoomOfAllItsReferences) {
  // Three of each owner, all but the last of which are listed.
  const auto pass_all = [this] {
    for (std::size_t i = 0; i < 3 * kIds.size(); ++i) {
      lastref_acquire(&object_, connection(i % kIds.size()));
      lastref_release(&object_, connection(i % kIds.size()));
    }
  };
  for (std::size_t i = 0; i < kReferences; ++i) {
    pass_all();
    for (std::uint32_t held = 0; held < kSlots + 2; ++held) lastref_acquire(&object_, kApplication);
    EXPECT_EQ(lastref_object_begin(&object_), LASTREF_LEDGER_EARLY_FREE);
    EXPECT_EQ(lastref_outstanding(&object_), 0U);
  }
  EXPECT_EQ(lastref_ledger_dropped(), 0U);
  EXPECT_EQ(lastref_release(&object_, connection(0)), LASTREF_LEDGER_BORROWED_FREE);
  // Nor was room ever short, which thins out what is remembered.
  pass_all();
  std::size_t kept = 0;
  const Found found(&object_);
  found.shard.for_each_remembered(*found.record, [&kept](const Reference&) { ++kept; });
  EXPECT_EQ(kept, 3 * kIds.size());
}

TEST_F(Tables, TheTransferOfWhatWasHeldAtTheEndIsAUseAfterFree) {
  const lastref_cookie cookie = lastref_acquire(&object_, kApplication);
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_transfer(&object_, kApplication, kCache), LASTREF_LEDGER_USE_AFTER_FREE);
  EXPECT_EQ(lastref_transfer_cookie(cookie, kCache), LASTREF_LEDGER_USE_AFTER_FREE);
}

TEST_F(Tables, WithoutRoomTheLatestReleaseOfEachOwnerIsKeptAndNoOther) {
  lastref_acquire(&object_, kApplication);
  // One owner fewer than there are slots: none finds its own slot again, so that all but the latest
  // references are listed.
  for (int round = 0; round < 12; ++round) {
    for (std::size_t i = 0; i + 1 < kIds.size(); ++i) pass(connection(i));
  }
  EXPECT_EQ(remembered(connection(0)), LASTREF_LEDGER_REMEMBERED);
  const void* other = neighbour();
  lastref_object_begin(other);
  fill(other);
  const std::uint32_t kept = remembered(connection(1));
  EXPECT_GE(kept, 1U);
  EXPECT_LT(kept, LASTREF_LEDGER_REMEMBERED);

  // From now on one is kept of each, also when there is room again.
  for (int i = 0; i < 200; ++i) lastref_release(other, kApplication);
  for (int round = 0; round < 12; ++round) {
    for (std::size_t i = 0; i + 1 < kIds.size(); ++i) pass(connection(i));
  }
  EXPECT_LT(remembered(connection(2)), LASTREF_LEDGER_REMEMBERED);
}

TEST_F(Tables, EndedObjectsGiveTheirRoomToReferencesOfOthers) {
  const void* other = neighbour();
  lastref_object_begin(other);
  for (std::size_t i = 0; i < kReferences / 2; ++i) lastref_acquire(other, kApplication);
  lastref_object_end(other);
  for (std::size_t i = 0; i < kReferences; ++i) {
    EXPECT_NE(lastref_acquire(&object_, kApplication), 0U);
  }
  EXPECT_EQ(lastref_ledger_dropped(), 0U);
  EXPECT_EQ(lastref_release(other, kApplication), LASTREF_LEDGER_UNKNOWN);
}

TEST_F(Tables, ATransferThatFindsNoRoomChangesNothingAndAccusesNobody) {
  const void* other = neighbour();
  lastref_object_begin(other);
  lastref_acquire(&object_, kApplication);
  fill(other);
  EXPECT_EQ(lastref_transfer(&object_, kApplication, kCache), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_held(&object_, kApplication), 1U);
  EXPECT_EQ(lastref_held(&object_, kCache), 0U);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

// Deterministic where threads that happen to meet are not.
TEST_F(Tables, AnEventWaitsWhileItsPartIsRead) {
  struct Shared {
    const void* object;
    std::unique_ptr<std::thread> waiting;
    std::atomic<bool> started{false};
    std::atomic<bool> done{false};
  } shared{&object_, nullptr, {false}, {false}};
  lastref_acquire(&object_, kApplication);
  lastref_ledger_report(
      [](void* argument, const lastref_ledger_reference*) {
        auto& all = *static_cast<Shared*>(argument);
        all.waiting = std::make_unique<std::thread>([&all] {
          all.started = true;
          EXPECT_NE(lastref_acquire(all.object, kApplication), 0U);
          EXPECT_EQ(lastref_release(all.object, kApplication), LASTREF_LEDGER_OK);
          all.done = true;
        });
        while (!all.started) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_FALSE(all.done);
      },
      &shared);
  shared.waiting->join();
  EXPECT_EQ(lastref_outstanding(&object_), 1U);
}

}  // namespace
}  // namespace lastref::ownership
