// The adapter of BoringSSL through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>

#include "harness/target/adapter_fixture.h"

namespace lastref {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BoringsslTest : public AdapterTest {
 protected:
  static void SetUpTestSuite() { start("boringssl"); }
};

TEST_F(BoringsslTest, EveryClaimedObservationWorks) {
  const ProbeResult result = probe();
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_GT(result.session_size, 300U);
  EXPECT_THAT(target().version(), HasSubstr("BoringSSL"));
}

TEST_F(BoringsslTest, AHostThatCannotTellSizesIsRefused) {
  lastref_host older = host();
  older.size = offsetof(lastref_host, block_size);
  char error[200] = "";
  EXPECT_NE(target().start(&older, error, sizeof error), 0);
  EXPECT_THAT(error, HasSubstr("block_size"));
}

TEST_F(BoringsslTest, UnknownOperationIsUnsupported) {
  for (const uint32_t operation : {uint32_t{LASTREF_OP_LIMIT} - 1, uint32_t{LASTREF_OP_SESSION_DUP},
                                   uint32_t{LASTREF_OP_SET_HOSTNAME}}) {
    EXPECT_EQ(perform({.operation = operation}).unsupported, 1U) << operation;
  }
}

TEST_F(BoringsslTest, ANewSessionIsWhatTheLibrarysOwnIs) {
  void* session = perform({.operation = LASTREF_OP_SESSION_NEW}).object;
  const lastref_session_view seen = view(session);
  EXPECT_EQ(seen.time, kNow);
  EXPECT_EQ(seen.timeout, 7200);
  EXPECT_EQ(seen.id_length, 0U);
  EXPECT_EQ(seen.id_context_length, 0U);
  EXPECT_EQ(seen.resumable, 0);
  EXPECT_EQ(seen.has_ticket, 0);
  EXPECT_EQ(seen.ex_data, 0);
  EXPECT_EQ(seen.hostname, nullptr);
  EXPECT_EQ(seen.alpn, nullptr);
  EXPECT_EQ(seen.alpn_length, 0U);
  drop(session);
}

TEST_F(BoringsslTest, EncodingsRoundTrip) { expect_encodings_round_trip(); }

TEST_F(BoringsslTest, ATicketIsSetAndSaid) {
  void* session = make("");
  const uint8_t ticket[] = {1, 2, 3};
  EXPECT_EQ(perform({.operation = LASTREF_OP_SET_TICKET,
                     .session = session,
                     .bytes = ticket,
                     .length = sizeof ticket})
                .value,
            1);
  EXPECT_EQ(view(session).has_ticket, 1);
  const lastref_result said = perform({.operation = LASTREF_OP_GET_TICKET, .session = session});
  EXPECT_EQ(std::vector<uint8_t>(said.bytes, said.bytes + said.length),
            std::vector<uint8_t>({1, 2, 3}));
  drop(session);
}

TEST_F(BoringsslTest, ADecodingIntoAnObjectReplacesItOrLeavesIt) {
  void* session = make("old");
  const lastref_result own = perform({.operation = LASTREF_OP_I2D, .session = session});
  const std::vector<uint8_t> encoding(own.bytes, own.bytes + own.length);
  const std::size_t before = blocks().size();
  const lastref_result failed = perform({.operation = LASTREF_OP_D2I_INTO,
                                         .session = session,
                                         .bytes = encoding.data(),
                                         .length = encoding.size() - 1});
  EXPECT_EQ(failed.object, nullptr);
  EXPECT_EQ(failed.value, 1);  // the caller's variable still holds it
  EXPECT_EQ(id_of(session), "old");
  const lastref_result done = perform({.operation = LASTREF_OP_D2I_INTO,
                                       .session = session,
                                       .bytes = encoding.data(),
                                       .length = encoding.size()});
  ASSERT_NE(done.object, nullptr);
  target().quiesce();
  EXPECT_EQ(blocks().size(), before);
  drop(done.object);
}

TEST_F(BoringsslTest, ContextsComeBackToTheirBirth) { expect_contexts_come_back_to_their_birth(); }

TEST_F(BoringsslTest, ErrorsLeaveNoBlockBehind) { expect_errors_leave_no_block_behind(); }

}  // namespace
}  // namespace lastref
