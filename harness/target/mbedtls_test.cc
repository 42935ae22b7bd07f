// The adapter of mbed TLS through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "harness/target/adapter_fixture.h"

namespace lastref {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kSessionBytes = 160;

class MbedtlsTest : public AdapterTest {
 protected:
  static void SetUpTestSuite() { start("mbedtls"); }

  static void* context() { return perform({.operation = LASTREF_OP_CONTEXT_NEW}).object; }
  static void end(void* context) {
    perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
  }
  static int64_t with(uint32_t operation, void* context, void* session) {
    return perform({.operation = operation, .session = session, .context = context}).value;
  }
  static std::string text(const lastref_result& result) {
    return {reinterpret_cast<const char*>(result.bytes), result.length};
  }
  static std::string encoding(void* session) {
    return text(perform({.operation = LASTREF_OP_I2D, .session = session}));
  }
  static std::string ticket(void* session) {
    return text(perform({.operation = LASTREF_OP_GET_TICKET, .session = session}));
  }
  static lastref_result decode(uint32_t operation, const std::string& bytes, void* into) {
    return perform({.operation = operation,
                    .session = into,
                    .bytes = reinterpret_cast<const uint8_t*>(bytes.data()),
                    .length = bytes.size()});
  }
  static void set_ticket(void* session, const std::string& ticket) {
    EXPECT_EQ(perform({.operation = LASTREF_OP_SET_TICKET,
                       .session = session,
                       .bytes = reinterpret_cast<const uint8_t*>(ticket.data()),
                       .length = ticket.size()})
                  .value,
              1);
  }
};

TEST_F(MbedtlsTest, EveryClaimedObservationWorks) {
  const ProbeResult result = probe();
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_EQ(result.session_size, kSessionBytes);
  EXPECT_THAT(target().version(), HasSubstr("mbed TLS 2."));
}

TEST_F(MbedtlsTest, WhatTheLibraryLacksIsUnsupported) {
  for (const int operation :
       {LASTREF_OP_LIMIT - 1, +LASTREF_OP_SESSION_UP_REF, +LASTREF_OP_CACHE_REMOVE,
        +LASTREF_OP_CACHE_FLUSH, +LASTREF_OP_CONTEXT_UP_REF, +LASTREF_OP_IS_RESUMABLE}) {
    EXPECT_EQ(perform({.operation = static_cast<uint32_t>(operation)}).unsupported, 1U)
        << operation;
  }
}

TEST_F(MbedtlsTest, TheLibrariesMemoryIsTheHosts) {
  const std::size_t before = blocks().size();
  void* of = context();
  void* session = make("id");
  set_ticket(session, std::string(kSessionBytes, 't'));
  EXPECT_EQ(blocks().size(), before + 3) << "a cache, a session and its ticket";
  EXPECT_EQ(with(LASTREF_OP_CACHE_ADD, of, session), 1);
  EXPECT_EQ(blocks().size(), before + 5) << "an entry, and a ticket of its own";
  drop(session);
  EXPECT_EQ(blocks().size(), before + 3);
  end(of);
  EXPECT_EQ(blocks().size(), before);
}

// What is as large as a session is one to the heap.
TEST_F(MbedtlsTest, NoBlockOfTheLibrarysOwnIsTakenForASession) {
  void* of = context();
  void* session = make("id");
  set_ticket(session, std::string(kSessionBytes, 't'));
  with(LASTREF_OP_CACHE_ADD, of, session);
  std::size_t sessions = 0;
  for (const auto& [block, size] : blocks()) sessions += size == kSessionBytes ? 1 : 0;
  EXPECT_EQ(sessions, 1U) << "its tickets are as large";
  drop(session);
  end(of);
}

TEST_F(MbedtlsTest, ACacheGivesOutCopies) {
  void* of = context();
  void* session = make("id");
  set_ticket(session, "first");
  with(LASTREF_OP_CACHE_ADD, of, session);
  set_ticket(session, "second");
  void* other = make("id");
  EXPECT_EQ(with(LASTREF_OP_CACHE_LOOKUP, of, other), 1);
  EXPECT_EQ(ticket(other), "first");
  EXPECT_EQ(ticket(session), "second");
  drop(other);
  other = make("another");
  EXPECT_EQ(with(LASTREF_OP_CACHE_LOOKUP, of, other), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_NUMBER, .context = of}).value, 1);
  drop(other);
  drop(session);
  end(of);
}

TEST_F(MbedtlsTest, EncodingsRoundTrip) {
  const std::size_t before = blocks().size();
  void* session = make("id");
  set_ticket(session, "ticket");
  const std::string bytes = encoding(session);
  EXPECT_EQ(perform({.operation = LASTREF_OP_I2D_LENGTH, .session = session}).value,
            static_cast<int64_t>(bytes.size()));
  void* copy = decode(LASTREF_OP_D2I, bytes, nullptr).object;
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(id_of(copy), "id");
  EXPECT_EQ(encoding(copy), bytes);
  drop(copy);
  copy = perform({.operation = LASTREF_OP_SESSION_DUP, .session = session}).object;
  drop(session);
  EXPECT_EQ(encoding(copy), bytes);
  drop(copy);
  EXPECT_EQ(decode(LASTREF_OP_D2I, bytes.substr(1), nullptr).object, nullptr);
  EXPECT_EQ(blocks().size(), before);
}

TEST_F(MbedtlsTest, AFailedDecodingLeavesTheVariableAndTheSessionAsNew) {
  void* session = perform({.operation = LASTREF_OP_SESSION_NEW}).object;
  const std::string empty = encoding(session);
  const lastref_result failed = decode(LASTREF_OP_D2I_INTO, empty.substr(1), session);
  EXPECT_EQ(failed.object, nullptr);
  EXPECT_EQ(failed.value, 1);
  EXPECT_EQ(encoding(session), empty);
  EXPECT_EQ(decode(LASTREF_OP_D2I_INTO, empty, session).object, session);
  drop(session);
}

TEST_F(MbedtlsTest, AnIdHasRoomForThirtyTwoBytes) {
  void* session = make(std::string(32, 'x').c_str());
  EXPECT_EQ(id_of(session), std::string(32, 'x'));
  const std::string longer(33, 'y');
  EXPECT_EQ(perform({.operation = LASTREF_OP_SET_ID,
                     .session = session,
                     .bytes = reinterpret_cast<const uint8_t*>(longer.data()),
                     .length = longer.size()})
                .value,
            0);
  EXPECT_EQ(id_of(session), std::string(32, 'x'));
  drop(session);
}

TEST_F(MbedtlsTest, SettingsBeyondAnIntAreTheLargest) {
  void* of = context();
  const int64_t endless = std::numeric_limits<int64_t>::max();
  for (const auto operation : {LASTREF_OP_SET_CACHE_SIZE, LASTREF_OP_SET_DEFAULT_TIMEOUT}) {
    const auto set = static_cast<uint32_t>(operation);
    perform({.operation = set, .context = of, .value = endless});
    EXPECT_EQ(perform({.operation = set, .context = of, .value = 5}).value, endless);
  }
  EXPECT_EQ(target().reset_context(of), 0);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_CACHE_SIZE, .context = of}).value, 50);
  EXPECT_EQ(perform({.operation = LASTREF_OP_GET_DEFAULT_TIMEOUT, .context = of}).value, 86400);
  end(of);
}

}  // namespace
}  // namespace lastref
