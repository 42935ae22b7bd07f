// The adapter of OpenSSL through the ABI alone, as a harness would use it.
#include <gmock/gmock.h>

#include "harness/target/adapter_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OpensslTest : public AdapterTest {
 protected:
  static void SetUpTestSuite() { start("openssl"); }
};

TEST_F(OpensslTest, EveryClaimedObservationWorks) {
  const ProbeResult result = probe();
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_GT(result.session_size, 500U);
  EXPECT_THAT(target().version(), HasSubstr("OpenSSL 3."));
}

TEST_F(OpensslTest, UnknownOperationIsUnsupported) {
  EXPECT_EQ(perform({.operation = LASTREF_OP_LIMIT - 1}).unsupported, 1U);
  EXPECT_EQ(perform({.operation = LASTREF_OP_SET_TICKET}).unsupported, 1U);
}

TEST_F(OpensslTest, EncodingsRoundTrip) { expect_encodings_round_trip(); }

TEST_F(OpensslTest, AnEncodingIsTheSameWhereTheLibraryAllocates) {
  void* session = make("id");
  const lastref_result own = perform({.operation = LASTREF_OP_I2D, .session = session});
  const std::string encoding(reinterpret_cast<const char*>(own.bytes), own.length);
  const lastref_result made = perform({.operation = LASTREF_OP_I2D_ALLOCATE, .session = session});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(made.bytes), made.length), encoding);
  drop(session);
}

TEST_F(OpensslTest, ContextsComeBackToTheirBirth) { expect_contexts_come_back_to_their_birth(); }

TEST_F(OpensslTest, ErrorsLeaveNoBlockBehind) { expect_errors_leave_no_block_behind(); }

TEST_F(OpensslTest, ADupThatIsRefusedLeavesNothing) {
  void* session = make("id");
  // The first leaves the place of the data that it sets, in the session.
  EXPECT_EQ(perform({.operation = LASTREF_OP_DUP_REFUSED, .session = session}).value, 1);
  target().quiesce();
  const std::size_t before = blocks().size();
  events().clear();
  EXPECT_EQ(perform({.operation = LASTREF_OP_DUP_REFUSED, .session = session}).value, 1);
  EXPECT_THAT(events(), ElementsAre("born", "died"));
  target().quiesce();
  EXPECT_EQ(blocks().size(), before);
  drop(session);
}

TEST_F(OpensslTest, ACacheTellsOfAnEndAfterTheCallback) {
  void* context = perform({.operation = LASTREF_OP_CONTEXT_NEW}).object;
  perform({.operation = LASTREF_OP_ON_REMOVE, .context = context, .value = 1});
  void* session = make("id");
  perform({.operation = LASTREF_OP_CACHE_ADD, .session = session, .context = context});
  drop(session);
  events().clear();
  perform({.operation = LASTREF_OP_CACHE_FLUSH, .context = context});
  EXPECT_THAT(events(), ElementsAre("callback 3", "died"));
  perform({.operation = LASTREF_OP_CONTEXT_FREE, .context = context});
}

}  // namespace
}  // namespace lastref
