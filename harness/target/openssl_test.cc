// The adapter of OpenSSL through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/target/loader.h"
#include "harness/target/probe.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kNow = 1'000'000'000;
std::unordered_map<const void*, std::size_t> blocks;
std::vector<std::string> events;
Probe* probe = nullptr;

void born(const void* session) {
  if (probe != nullptr) probe->born(session);
  events.emplace_back("born");
}
void died(const void* session) {
  if (probe != nullptr) probe->died(session);
  events.emplace_back("died");
}
void* allocate(std::size_t bytes) {
  void* block = std::malloc(bytes);
  blocks[block] = bytes;
  return block;
}
void release(void* block) {
  if (block == nullptr) return;
  EXPECT_EQ(blocks.erase(block), 1U);
  std::free(block);
}
void* reallocate(void* block, std::size_t bytes) {
  EXPECT_EQ(blocks.erase(block), block == nullptr ? 0U : 1U);
  void* moved = std::realloc(block, bytes);
  blocks[moved] = bytes;
  return moved;
}
void callback(uint32_t kind, void*, void*, void*, const uint8_t*, std::size_t, lastref_reply*) {
  events.push_back("callback " + std::to_string(kind));
}

constexpr lastref_host kHost = {.size = sizeof(lastref_host),
                                .abi = LASTREF_TARGET_ABI,
                                .allocate = allocate,
                                .reallocate = reallocate,
                                .release = release,
                                .born = born,
                                .died = died,
                                .callback = callback,
                                .now = [] { return kNow; }};

class OpensslTest : public ::testing::Test {
 protected:
  // One start for the process: an allocator can be set only once.
  static void SetUpTestSuite() {
    ASSERT_THAT(library().open(LASTREF_BINARY_DIR "/targets/lastref-target-openssl.so"), IsEmpty());
    ASSERT_THAT(library().start(kHost), IsEmpty());
  }
  static LoadedTarget& library() {
    static auto* const kLoaded = new LoadedTarget;
    return *kLoaded;
  }
  static const lastref_target& target() { return library().target(); }

  // What a call names; the rest is zero.
  struct Operands {
    uint32_t operation = 0;
    void* session = nullptr;
    void* context = nullptr;
    const uint8_t* bytes = nullptr;
    std::size_t length = 0;
    int64_t value = 0;
  };
  static lastref_result perform(const Operands& operands) {
    lastref_call call{};
    call.size = sizeof call;
    call.operation = operands.operation;
    call.session = operands.session;
    call.context = operands.context;
    call.bytes = operands.bytes;
    call.length = operands.length;
    call.value = operands.value;
    lastref_result result{};
    result.size = sizeof result;
    EXPECT_EQ(target().perform(&call, &result), 0);
    return result;
  }
  static void* make(const char* id) {
    void* session = perform({.operation = LASTREF_OP_SESSION_NEW}).object;
    perform({.operation = LASTREF_OP_SET_ID,
             .session = session,
             .bytes = reinterpret_cast<const uint8_t*>(id),
             .length = std::strlen(id)});
    return session;
  }
  static void drop(void* session) {
    perform({.operation = LASTREF_OP_SESSION_FREE, .session = session});
  }
};

TEST_F(OpensslTest, EveryClaimedObservationWorks) {
  Probe fresh([](const void* block) {
    const auto found = blocks.find(block);
    return found == blocks.end() ? 0 : found->second;
  });
  probe = &fresh;
  const ProbeResult result = fresh.run(target(), kHost.now);
  probe = nullptr;
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_GT(result.session_size, 500U);
  EXPECT_THAT(target().version(), HasSubstr("OpenSSL 3."));
}

TEST_F(OpensslTest, UnknownOperationIsUnsupported) {
  EXPECT_EQ(perform({.operation = LASTREF_OP_LIMIT - 1}).unsupported, 1U);
  EXPECT_EQ(perform({.operation = LASTREF_OP_SET_TICKET}).unsupported, 1U);
  EXPECT_EQ(perform({.operation = LASTREF_OP_HANDSHAKE}).unsupported, 1U);
}

TEST_F(OpensslTest, EncodingsRoundTripInAllForms) {
  void* session = make("id");
  const lastref_result own = perform({.operation = LASTREF_OP_I2D, .session = session});
  const std::string encoding(reinterpret_cast<const char*>(own.bytes), own.length);
  EXPECT_EQ(own.value, static_cast<int64_t>(encoding.size()));
  EXPECT_EQ(perform({.operation = LASTREF_OP_I2D_LENGTH, .session = session}).value, own.value);
  const lastref_result made = perform({.operation = LASTREF_OP_I2D_ALLOCATE, .session = session});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(made.bytes), made.length), encoding);
  for (const uint32_t operation : {LASTREF_OP_D2I, LASTREF_OP_D2I_FRESH}) {
    void* copy = perform({.operation = operation,
                          .bytes = reinterpret_cast<const uint8_t*>(encoding.data()),
                          .length = encoding.size()})
                     .object;
    lastref_session_view view{};
    view.size = sizeof view;
    target().view_session(copy, &view);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(view.id), view.id_length), "id");
    EXPECT_EQ(view.time, kNow);
    drop(copy);
  }
  drop(session);
}

TEST_F(OpensslTest, ContextsComeBackToTheirBirth) {
  void* context = perform({.operation = LASTREF_OP_CONTEXT_NEW}).object;
  void* session = make("id");
  perform({.operation = LASTREF_OP_ON_REMOVE, .context = context, .value = 1});
  perform({.operation = LASTREF_OP_SET_CACHE_SIZE, .context = context, .value = 7});
  perform({.operation = LASTREF_OP_SET_MODE, .context = context, .value = 0});
  perform({.operation = LASTREF_OP_SET_DEFAULT_TIMEOUT, .context = context, .value = 5});
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = context});
  drop(session);
  EXPECT_EQ(target().reset_context(context), -1);
  events.clear();
  perform({.operation = LASTREF_OP_CACHE_FLUSH, .context = context});
  EXPECT_THAT(events, ElementsAre("callback 3", "died"));
  EXPECT_EQ(target().reset_context(context), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_CACHE_SIZE, .context = context}).value, 20480);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_MODE, .context = context}).value, 2);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_DEFAULT_TIMEOUT, .context = context}).value, 7200);
  session = make("id");
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = context});
  events.clear();
  perform({.operation = LASTREF_OP_CACHE_REMOVE, .session = session, .context = context});
  EXPECT_THAT(events, IsEmpty());
  drop(session);
  perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
}

TEST_F(OpensslTest, ErrorsLeaveNoBlockBehind) {
  const uint8_t rubbish[] = {0x30, 0x10, 0x02, 0x01};
  const std::size_t before = blocks.size();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(perform({.operation = LASTREF_OP_D2I, .bytes = rubbish, .length = 4}).object,
              nullptr);
    target().quiesce();
    EXPECT_EQ(blocks.size(), before);
  }
}

}  // namespace
}  // namespace lastref

// The library's clock, as a harness interposes it.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's is reserved
extern "C" time_t time(time_t* result) {
  if (result != nullptr) *result = lastref::kNow;
  return lastref::kNow;
}
