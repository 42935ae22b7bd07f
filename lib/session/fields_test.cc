// Setters and getters of sessions: what they keep, refuse and clear.
#include <array>
#include <climits>

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

std::string text(const unsigned char* data, std::size_t length) {
  return data == nullptr ? "NULL" : std::string(data, data + length);
}

class Fields : public SessionTest {
 protected:
  Fields() : session_(lr_SESSION_new()) {}
  ~Fields() override { lr_SESSION_free(session_); }

  std::string id() const {
    unsigned length = 0;
    const unsigned char* data = lr_SESSION_get_id(session_, &length);
    return text(data, length);
  }
  std::string alpn() const {
    const unsigned char* data = nullptr;
    std::size_t length = 1;
    lr_SESSION_get0_alpn_selected(session_, &data, &length);
    return text(data, length);
  }
  std::string ticket() const {
    const unsigned char* data = nullptr;
    std::size_t length = 1;
    lr_SESSION_get0_ticket(session_, &data, &length);
    return text(data, length);
  }
  std::string appdata() const {
    void* data = nullptr;
    std::size_t length = 1;
    EXPECT_EQ(lr_SESSION_get0_ticket_appdata(session_, &data, &length), 1);
    return text(static_cast<unsigned char*>(data), length);
  }

  LR_SESSION* session_;
  std::array<unsigned char, 70000> long_{};
};

TEST_F(Fields, IdOf32BytesIsTheLongest) {
  long_.fill('x');
  EXPECT_EQ(lr_SESSION_set1_id(session_, long_.data(), 32), 1);
  EXPECT_EQ(id(), std::string(32, 'x'));
  long_.fill('y');
  EXPECT_EQ(lr_SESSION_set1_id(session_, long_.data(), 33), 0);
  EXPECT_EQ(id(), std::string(32, 'x'));
  EXPECT_EQ(lr_SESSION_set1_id(session_, long_.data(), 1), 1);
  EXPECT_EQ(id(), "y");
  EXPECT_EQ(lr_SESSION_set1_id(session_, nullptr, 0), 1);
  EXPECT_EQ(id(), "");
}

TEST_F(Fields, IdMayBeSetToAPartOfItself) {
  EXPECT_EQ(lr_SESSION_set1_id(session_, reinterpret_cast<const unsigned char*>("abcd"), 4), 1);
  EXPECT_EQ(lr_SESSION_set1_id(session_, lr_SESSION_get_id(session_, nullptr) + 1, 2), 1);
  EXPECT_EQ(id(), "bc");
}

TEST_F(Fields, IdContextOf32BytesIsTheLongest) {
  EXPECT_EQ(lr_SESSION_set1_id_context(session_, long_.data(), 32), 1);
  EXPECT_EQ(lr_SESSION_set1_id_context(session_, long_.data(), 33), 0);
  unsigned length = 0;
  lr_SESSION_get0_id_context(session_, &length);
  EXPECT_EQ(length, 32U);
}

TEST_F(Fields, TimeTakesAnyValueAndTimeoutNoNegativeOne) {
  for (const long time : {0L, -1L, LONG_MAX, LONG_MIN}) {
    EXPECT_EQ(lr_SESSION_set_time(session_, time), 1);
    EXPECT_EQ(lr_SESSION_get_time(session_), time);
  }
  EXPECT_EQ(lr_SESSION_set_timeout(session_, LONG_MAX), 1);
  EXPECT_EQ(lr_SESSION_set_timeout(session_, -1), 0);
  EXPECT_EQ(lr_SESSION_get_timeout(session_), LONG_MAX);
  EXPECT_EQ(lr_SESSION_set_timeout(session_, 0), 1);
  EXPECT_EQ(lr_SESSION_get_timeout(session_), 0);
}

// SSL_SESSION_get_time(3): "If any of the function is passed the NULL pointer for the session s, 0
// is returned."
TEST_F(Fields, TimesOfNullAreZero) {
  EXPECT_EQ(lr_SESSION_set_time(nullptr, 1), 0);
  EXPECT_EQ(lr_SESSION_set_timeout(nullptr, 1), 0);
  EXPECT_EQ(lr_SESSION_get_time(nullptr), 0);
  EXPECT_EQ(lr_SESSION_get_timeout(nullptr), 0);
}

TEST_F(Fields, HostnameIsCopiedAndEmptyIsNotNone) {
  std::string name = "a.example";
  EXPECT_EQ(lr_SESSION_get0_hostname(session_), nullptr);
  EXPECT_EQ(lr_SESSION_set1_hostname(session_, name.c_str()), 1);
  name[0] = 'b';
  EXPECT_STREQ(lr_SESSION_get0_hostname(session_), "a.example");
  EXPECT_EQ(lr_SESSION_set1_hostname(session_, lr_SESSION_get0_hostname(session_) + 2), 1);
  EXPECT_STREQ(lr_SESSION_get0_hostname(session_), "example");
  EXPECT_EQ(lr_SESSION_set1_hostname(session_, ""), 1);
  EXPECT_STREQ(lr_SESSION_get0_hostname(session_), "");
  EXPECT_EQ(lr_SESSION_set1_hostname(session_, nullptr), 1);
  EXPECT_EQ(lr_SESSION_get0_hostname(session_), nullptr);
}

TEST_F(Fields, AlpnAndAppdataMayHoldZerosAndEmptyIsNone) {
  const unsigned char bytes[] = {'h', 0, 'x'};
  EXPECT_EQ(lr_SESSION_set1_alpn_selected(session_, bytes, 3), 1);
  EXPECT_EQ(alpn(), std::string("h\0x", 3));
  EXPECT_EQ(lr_SESSION_set1_ticket_appdata(session_, bytes, 3), 1);
  EXPECT_EQ(appdata(), std::string("h\0x", 3));
  EXPECT_EQ(lr_SESSION_set1_alpn_selected(session_, bytes, 0), 1);
  EXPECT_EQ(alpn(), "NULL");
  EXPECT_EQ(lr_SESSION_set1_ticket_appdata(session_, nullptr, 0), 1);
  EXPECT_EQ(appdata(), "NULL");
}

TEST_F(Fields, BytesThatAreTooManyAreRefused) {
  EXPECT_EQ(lr_SESSION_set1_ticket(session_, long_.data(), LR_MAX_BYTES_LENGTH), 1);
  EXPECT_EQ(lr_SESSION_set1_ticket(session_, long_.data(), LR_MAX_BYTES_LENGTH + 1), 0);
  EXPECT_EQ(ticket().size(), std::size_t{LR_MAX_BYTES_LENGTH});
  EXPECT_EQ(lr_SESSION_set1_alpn_selected(session_, long_.data(), LR_MAX_BYTES_LENGTH + 1), 0);
  EXPECT_EQ(lr_SESSION_set1_ticket_appdata(session_, long_.data(), LR_MAX_BYTES_LENGTH + 1), 0);
  EXPECT_EQ(lr_SESSION_set1_hostname(session_, std::string(LR_MAX_BYTES_LENGTH + 1, 'a').c_str()),
            0);
}

TEST_F(Fields, MasterKeyIsCopiedAsFarAsThereIsRoom) {
  const unsigned char key[] = "0123456789";
  EXPECT_EQ(lr_SESSION_set1_master_key(session_, key, 10), 1);
  unsigned char out[16] = {};
  EXPECT_EQ(lr_SESSION_get_master_key(session_, nullptr, 0), 10U);
  EXPECT_EQ(lr_SESSION_get_master_key(session_, out, 4), 4U);
  EXPECT_EQ(text(out, 5), std::string("0123\0", 5));
  EXPECT_EQ(lr_SESSION_get_master_key(session_, out, sizeof out), 10U);
  EXPECT_EQ(lr_SESSION_set1_master_key(session_, long_.data(), 48), 1);
  EXPECT_EQ(lr_SESSION_set1_master_key(session_, long_.data(), 49), 0);
  EXPECT_EQ(lr_SESSION_get_master_key(session_, nullptr, 0), 48U);
}

TEST_F(Fields, ResumableWithAnIdOrATicket) {
  EXPECT_EQ(lr_SESSION_is_resumable(session_), 0);
  EXPECT_EQ(lr_SESSION_set1_ticket(session_, long_.data(), 1), 1);
  EXPECT_EQ(lr_SESSION_has_ticket(session_), 1);
  EXPECT_EQ(lr_SESSION_is_resumable(session_), 1);
  EXPECT_EQ(lr_SESSION_set1_ticket(session_, nullptr, 0), 1);
  EXPECT_EQ(lr_SESSION_has_ticket(session_), 0);
  EXPECT_EQ(lr_SESSION_is_resumable(session_), 0);
  EXPECT_EQ(lr_SESSION_set1_id(session_, long_.data(), 1), 1);
  EXPECT_EQ(lr_SESSION_is_resumable(session_), 1);
}

TEST_F(Fields, ProtocolVersionIsKept) {
  EXPECT_EQ(lr_SESSION_set_protocol_version(session_, 769), 1);
  EXPECT_EQ(lr_SESSION_get_protocol_version(session_), 769);
}

}  // namespace
}  // namespace lr::testing
