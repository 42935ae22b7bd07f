// Handshakes for which the system has no random bytes.
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "lib/session/handshake_fixture.h"

namespace {
int calls_until_failure = 0;  // 0: none fails
unsigned char next_byte = 0;
}  // namespace

// In place of the C library's, for this program.
int getentropy(void* buffer, std::size_t length) {
  if (calls_until_failure > 0 && --calls_until_failure == 0) {
    errno = EIO;
    return -1;
  }
  for (std::size_t i = 0; i < length; ++i) static_cast<unsigned char*>(buffer)[i] = next_byte++;
  return 0;
}

namespace lr::testing {
namespace {

class EntropyFailure : public HandshakeTest {
 protected:
  ~EntropyFailure() override { calls_until_failure = 0; }
};

// The id comes first, then the key.
TEST_F(EntropyFailure, FailsAFullHandshakeWhichLeavesNothingBehindAndCanBeMadeAgain) {
  for (const int call : {1, 2}) {
    begin();
    calls_until_failure = call;
    EXPECT_EQ(shake(), 0) << call;
    EXPECT_EQ(calls_until_failure, 0) << call;
    EXPECT_EQ(lr_SSL_get0_session(server_.get()), nullptr);
    EXPECT_EQ(lr_CTX_sess_number(server_context_), call - 1);
    for (const Connection* connection : {&client_, &server_}) lr_SSL_clear(connection->get());
    EXPECT_EQ(shake(), 1) << call;
  }
}

TEST_F(EntropyFailure, IsNoMatterToAResumptionById) {
  const Session session = established();
  begin(session.get());
  calls_until_failure = 1;
  EXPECT_EQ(shake(), 1);
  EXPECT_EQ(lr_SSL_session_reused(server_.get()), 1);
  EXPECT_EQ(calls_until_failure, 1) << "nothing asked for random bytes";
}

}  // namespace
}  // namespace lr::testing
