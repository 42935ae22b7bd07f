// When and from where references are taken: sites, stacks, the order of threads.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <vector>

#include "lastref/ownership.h"
#include "lib/ownership/recent_stacks.h"

namespace {

const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};

class Places : public testing::Test {
 protected:
  Places() {
    lastref_ledger_reset();
    lastref_object_begin(&object_);
  }
  ~Places() override { lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_CALLER); }

  static std::vector<lastref_ledger_reference> outstanding() {
    std::vector<lastref_ledger_reference> references;
    lastref_ledger_report(
        [](void* argument, const lastref_ledger_reference* reference) {
          static_cast<std::vector<lastref_ledger_reference>*>(argument)->push_back(*reference);
        },
        &references);
    return references;
  }

  long object_ = 0;
};

[[gnu::noinline]] int take(const void* object) {
  const lastref_cookie cookie = lastref_acquire(object, kApplication);
  return cookie == 0 ? 0 : 1;
}
// So that a recursion and a loop stay what they are.
volatile int depth_left = 0;
volatile int times_left = 0;

[[gnu::noinline]] int take_deeper(const void* object) {
  if (depth_left == 0) return take(object);
  depth_left = depth_left - 1;
  const int taken = take_deeper(object);
  depth_left = depth_left + 1;
  return taken;
}

bool is_within(const void* site, int (*function)(const void*)) {
  const auto start = reinterpret_cast<std::uintptr_t>(function);
  const auto address = reinterpret_cast<std::uintptr_t>(site);
  return address > start && address < start + 512;
}

TEST_F(Places, ACallerThatNamesNoSiteIsTheSite) {
  for (int i = 0; i < 20; ++i) {  // in slots and in lists, new and used before
    take(&object_);
  }
  for (const lastref_ledger_reference& reference : outstanding()) {
    EXPECT_TRUE(is_within(reference.owner.site, take));
    EXPECT_EQ(reference.acquired.stack, nullptr);
  }
}

TEST_F(Places, SwitchedOffNothingIsRecorded) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_OFF);
  for (int i = 0; i < 20; ++i) take(&object_);
  for (const lastref_ledger_reference& reference : outstanding()) {
    EXPECT_EQ(reference.owner.site, nullptr);
  }
}

TEST_F(Places, AStackBeginsAtTheCallerAndIsBounded) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  depth_left = 100;
  take_deeper(&object_);
  ASSERT_EQ(outstanding().size(), 1U);
  const lastref_ledger_reference reference = outstanding().front();
  ASSERT_NE(reference.acquired.stack, nullptr);
  // A frame of the ledger's own may have been taken out.
  EXPECT_GE(reference.acquired.stack->depth, LASTREF_LEDGER_FRAMES - 1);
  EXPECT_LE(reference.acquired.stack->depth, LASTREF_LEDGER_FRAMES);
  EXPECT_TRUE(is_within(reference.acquired.stack->frames[0], take));
  EXPECT_TRUE(is_within(reference.owner.site, take));
  // All from the same call, but the first.
  EXPECT_EQ(reference.acquired.stack->frames[2], reference.acquired.stack->frames[3]);
}

TEST_F(Places, AStackOfAnotherThreadEndsWithinIt) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  std::thread([this] { take(&object_); }).join();
  const lastref_stack* stack = outstanding().front().acquired.stack;
  ASSERT_NE(stack, nullptr);
  EXPECT_GE(stack->depth, 1U);
}

TEST_F(Places, TheSameStackIsKeptOnce) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  for (times_left = 2; times_left != 0;) {
    times_left = times_left - 1;
    take(&object_);
  }
  const std::vector<lastref_ledger_reference> references = outstanding();
  EXPECT_EQ(references[0].acquired.stack, references[1].acquired.stack);
}

TEST_F(Places, StacksBeyondTheBoundLeaveTheSite) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  const std::vector<char> sites(LASTREF_LEDGER_STACKS + 1);  // a stack differs by its site
  for (const char& site : sites) {
    lastref_owner owner = kApplication;
    owner.site = &site;
    const bool last = &site == &sites.back();
    lastref_acquire(&object_, owner);
    if (!last) lastref_release(&object_, owner);
  }
  ASSERT_EQ(outstanding().size(), 1U);
  EXPECT_EQ(outstanding().front().owner.site, &sites.back());
  EXPECT_EQ(outstanding().front().acquired.stack, nullptr);
}

// Two ways to one call, of which only what is further up the stack tells. The functions differ, or
// a compiler would make one of them.
[[gnu::noinline]] int take_by_way(const void* object) {
  const int taken = take(object);
  depth_left = 0;
  return taken;
}
[[gnu::noinline]] int take_on_the_left(const void* object) {
  const int taken = take_by_way(object);
  depth_left = 1;
  return taken;
}
[[gnu::noinline]] int take_on_the_right(const void* object) {
  const int taken = take_by_way(object);
  depth_left = 2;
  return taken;
}

TEST_F(Places, StacksThatDifferFurtherUpAreToldApart) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  int (*const ways[])(const void*) = {take_on_the_left, take_on_the_right};
  for (times_left = 10; times_left != 0;) {
    times_left = times_left - 1;
    ways[times_left % 2](&object_);
  }
  std::vector<lastref_ledger_reference> references = outstanding();
  ASSERT_EQ(references.size(), 10U);
  for (const lastref_ledger_reference& reference : references) {
    EXPECT_TRUE(is_within(reference.acquired.stack->frames[1], take_by_way));
    EXPECT_TRUE(is_within(reference.acquired.stack->frames[2], ways[reference.event % 2]));
  }
}

TEST_F(Places, MoreStacksThanAreRememberedAreEachKeptOnce) {
  constexpr int kStacks = 40;
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  for (times_left = 2 * kStacks; times_left != 0;) {
    times_left = times_left - 1;
    depth_left = times_left % kStacks;
    take_deeper(&object_);
  }
  std::vector<lastref_ledger_reference> references = outstanding();
  std::sort(references.begin(), references.end(),
            [](const auto& a, const auto& b) { return a.event < b.event; });
  ASSERT_EQ(references.size(), 2U * kStacks);
  for (std::size_t i = 0; i < kStacks; ++i) {
    EXPECT_EQ(references[i].acquired.stack, references[i + kStacks].acquired.stack);
  }
}

TEST_F(Places, AStackIsRecordedAnewAfterAReset) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  for (times_left = 2; times_left != 0;) {
    times_left = times_left - 1;
    lastref_ledger_reset();
    lastref_object_begin(&object_);
    // The second time others take the places that the stack below had in the table.
    for (int depth = 5; times_left == 0 && depth < 10; ++depth) {
      depth_left = depth;
      take_deeper(&object_);
    }
    take_on_the_left(&object_);
    std::vector<lastref_ledger_reference> references = outstanding();
    const auto latest =
        std::max_element(references.begin(), references.end(),
                         [](const auto& a, const auto& b) { return a.event < b.event; });
    ASSERT_NE(latest->acquired.stack, nullptr);
    EXPECT_TRUE(is_within(latest->acquired.stack->frames[2], take_on_the_left));
  }
}

TEST_F(Places, AReleaseHasAStackOfItsOwn) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  for (int i = 0; i < 3; ++i) {
    take_on_the_left(&object_);
    lastref_release(&object_, kApplication);
  }
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_DOUBLE_FREE);
  lastref_ledger_finding finding{};
  ASSERT_EQ(lastref_ledger_findings(&finding, 1), 1U);
  ASSERT_EQ(finding.candidate_count, 3U);
  const lastref_past_reference& first = finding.candidates[0];
  const lastref_past_reference& last = finding.candidates[2];
  ASSERT_NE(last.released.stack, nullptr);
  EXPECT_TRUE(is_within(last.acquired.stack->frames[0], take));
  EXPECT_FALSE(is_within(last.released.stack->frames[0], take));
  EXPECT_EQ(first.released.stack, last.released.stack);
  EXPECT_NE(finding.moment.stack, last.released.stack);
}

TEST_F(Places, AThreadThatEndsLeavesNoMemoryBehind) {
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);
  void* stacks = nullptr;
  std::thread([&] {
    take(&object_);
    stacks = lastref::ownership::recent_stacks;
  }).join();
  ASSERT_NE(stacks, nullptr);
  unsigned char resident = 0;
  EXPECT_EQ(mincore(stacks, 1, &resident), -1);
  EXPECT_EQ(errno, ENOMEM);  // nothing is mapped there
}

TEST_F(Places, EveryEventOfAThreadHasAHigherNumberThanTheOneBefore) {
  long other = 0;
  lastref_object_begin(&other);
  std::uint64_t latest = 0;
  for (int i = 0; i < 10; ++i) {
    const void* object = i % 2 == 0 ? &object_ : &other;
    lastref_acquire(object, kApplication);
    std::uint64_t highest = 0;
    for (const lastref_ledger_reference& reference : outstanding()) {
      highest = std::max(highest, reference.acquired.sequence);
    }
    EXPECT_GT(highest, latest);
    latest = highest;
  }
}

TEST_F(Places, AnEventOfAnotherThreadOnTheObjectStandsBehindWhatItSaw) {
  for (int i = 0; i < 100; ++i) {
    lastref_acquire(&object_, kApplication);
    lastref_release(&object_, kApplication);
  }
  take(&object_);
  std::thread([this] { take(&object_); }).join();
  take(&object_);
  std::vector<lastref_ledger_reference> references = outstanding();
  ASSERT_EQ(references.size(), 3U);
  std::sort(references.begin(), references.end(),
            [](const auto& a, const auto& b) { return a.acquired.sequence < b.acquired.sequence; });
  EXPECT_EQ(references[0].acquired.thread, references[2].acquired.thread);
  EXPECT_NE(references[0].acquired.thread, references[1].acquired.thread);
  EXPECT_LT(references[0].event, references[1].event);
  EXPECT_LT(references[1].event, references[2].event);
}

}  // namespace
