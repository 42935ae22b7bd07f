// i2d and d2i in all forms, on right and wrong bytes.
#include <random>
#include <utility>
#include <vector>

#include "lib/session/session_fixture.h"

namespace lr::testing {
namespace {

using Bytes = std::vector<unsigned char>;

class Encoding : public SessionTest {
 protected:
  static Bytes encoded(const LR_SESSION* session) {
    Bytes bytes(static_cast<std::size_t>(lr_i2d_SESSION(session, nullptr)));
    unsigned char* out = bytes.data();
    EXPECT_EQ(lr_i2d_SESSION(session, &out), static_cast<int>(bytes.size()));
    EXPECT_EQ(out, bytes.data() + bytes.size());
    return bytes;
  }

  static LR_SESSION* decoded(const Bytes& bytes) {
    const unsigned char* in = bytes.data();
    return lr_d2i_SESSION(nullptr, &in, static_cast<long>(bytes.size()));
  }

  // With every field set.
  LR_SESSION* full() {
    LR_SESSION* session = make("a", -5, 0);
    const unsigned char data[] = {9, 0, 8, 7};
    lr_SESSION_set1_id_context(session, data, 4);
    lr_SESSION_set1_master_key(session, data, 3);
    lr_SESSION_set1_hostname(session, "a.example");
    lr_SESSION_set1_alpn_selected(session, data, 2);
    lr_SESSION_set1_ticket(session, data, 4);
    lr_SESSION_set1_ticket_appdata(session, data, 1);
    lr_SESSION_set_protocol_version(session, 772);
    return session;
  }
};

TEST_F(Encoding, OfANewSessionIsAsDocumented) {
  LR_SESSION* session = make("", 1, 2);
  const Bytes expected = {'L', 'R', 'S', 'E', 1, 0, 0, 0, 38,        //
                          1,   0,   4,   0,   0, 3, 3,               //
                          2,   0,   8,   0,   0, 0, 0, 0, 0,  0, 1,  //
                          3,   0,   8,   0,   0, 0, 0, 0, 0,  0, 2,  //
                          4,   0,   0,   5,   0, 0, 6, 0, 0};
  EXPECT_EQ(encoded(session), expected);
  lr_SESSION_free(session);
}

// A context takes any timeout, and a session has its context's from the handshake.
TEST_F(Encoding, CarriesANegativeTimeoutToo) {
  LR_CTX* context = lr_CTX_new();
  lr_CTX_set_timeout(context, -1);
  LR_SSL* client = lr_SSL_new(context);
  LR_SSL* server = lr_SSL_new(context);
  ASSERT_EQ(lr_handshake(client, server, LR_HANDSHAKE_COMPLETE), 1);
  LR_SESSION* copy = decoded(encoded(lr_SSL_get0_session(client)));
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(lr_SESSION_get_timeout(copy), -1);
  lr_SESSION_free(copy);
  lr_SSL_free(client);
  lr_SSL_free(server);
  lr_CTX_free(context);
}

TEST_F(Encoding, DecodesToTheSameAndEncodesToTheSame) {
  LR_SESSION* session = full();
  const Bytes bytes = encoded(session);
  LR_SESSION* copy = decoded(bytes);
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(encoded(copy), bytes);
  EXPECT_EQ(lr_SESSION_get_time(copy), -5);
  EXPECT_EQ(lr_SESSION_get_timeout(copy), 0);
  EXPECT_STREQ(lr_SESSION_get0_hostname(copy), "a.example");
  lr_SESSION_free(copy);
  lr_SESSION_free(session);
}

TEST_F(Encoding, EmptyHostnameIsNotNone) {
  LR_SESSION* session = make("a");
  lr_SESSION_set1_hostname(session, "");
  LR_SESSION* copy = decoded(encoded(session));
  EXPECT_STREQ(lr_SESSION_get0_hostname(copy), "");
  lr_SESSION_free(copy);
  lr_SESSION_free(session);
}

TEST_F(Encoding, AllocatesForANullPointerWhichItDoesNotMove) {
  LR_SESSION* session = full();
  unsigned char* block = nullptr;
  const int length = lr_i2d_SESSION(session, &block);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(Bytes(block, block + length), encoded(session));
  lr_free(block);
  lr_SESSION_free(session);
}

TEST_F(Encoding, OfNullIsNothing) {
  unsigned char* block = nullptr;
  EXPECT_EQ(lr_i2d_SESSION(nullptr, &block), 0);
  EXPECT_EQ(block, nullptr);
}

TEST_F(Encoding, DecodeMovesBehindWhatItReadAndLeavesTheRest) {
  LR_SESSION* session = full();
  Bytes bytes = encoded(session);
  const std::size_t length = bytes.size();
  bytes.insert(bytes.end(), {1, 2, 3});
  const unsigned char* in = bytes.data();
  LR_SESSION* copy = lr_d2i_SESSION(nullptr, &in, static_cast<long>(bytes.size()));
  EXPECT_EQ(in, bytes.data() + length);
  lr_SESSION_free(copy);
  lr_SESSION_free(session);
}

TEST_F(Encoding, DecodeIntoNoObjectStoresTheNewOne) {
  LR_SESSION* session = full();
  const Bytes bytes = encoded(session);
  const unsigned char* in = bytes.data();
  LR_SESSION* made = nullptr;
  EXPECT_NE(lr_d2i_SESSION(&made, &in, static_cast<long>(bytes.size())), nullptr);
  EXPECT_EQ(encoded(made), bytes);
  lr_SESSION_free(made);
  lr_SESSION_free(session);
}

TEST_F(Encoding, DecodeIntoAnObjectRefillsItInPlace) {
  LR_SESSION* session = full();
  const Bytes bytes = encoded(session);
  LR_SESSION* refilled = make("b");
  LR_SESSION* const object = refilled;
  lr_SESSION_set1_hostname(refilled, "old");
  lr_SESSION_up_ref(refilled);
  int value = 0;
  lr_SESSION_set_ex_data(refilled, logging_index(), &value);
  const unsigned char* in = bytes.data();
  EXPECT_EQ(lr_d2i_SESSION(&refilled, &in, static_cast<long>(bytes.size())), object);
  EXPECT_EQ(refilled, object);
  EXPECT_EQ(encoded(refilled), bytes);
  EXPECT_EQ(references(refilled), 2U);
  EXPECT_EQ(lr_SESSION_get_ex_data(refilled, logging_index()), &value);
  lr_SESSION_free(refilled);
  lr_SESSION_free(refilled);
  lr_SESSION_free(session);
}

TEST_F(Encoding, RefilledSessionTakesItsPlaceInTheOrderOfExpiry) {
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* late = make("l", 5000);
  const Bytes bytes = encoded(late);
  LR_SESSION* a = make("a", 1000);
  LR_SESSION* b = make("b", 2000);
  lr_CTX_add_session(context, a);
  lr_CTX_add_session(context, b);
  EXPECT_EQ(line_of(context), "b:2 a:2");
  const unsigned char* in = bytes.data();
  EXPECT_EQ(lr_d2i_SESSION(&a, &in, static_cast<long>(bytes.size())), a);
  EXPECT_EQ(line_of(context), "l:2 b:2");
  for (LR_SESSION* session : {late, a, b}) lr_SESSION_free(session);
  lr_CTX_free(context);
}

// d2i_X509(3): "the object is freed in the event of error and *a is set to NULL."
TEST_F(Encoding, FailedDecodeReleasesTheObjectAndTouchesNoOtherHoldersContents) {
  watch_deaths();
  LR_SESSION* given = make("b");
  LR_SESSION* const held = given;
  lr_SESSION_up_ref(held);
  const Bytes before = encoded(held);
  Bytes bytes = before;
  bytes.back() = 0xff;
  bytes.push_back(0);
  bytes[8] = static_cast<unsigned char>(bytes[8] + 1);
  const unsigned char* in = bytes.data();
  EXPECT_EQ(lr_d2i_SESSION(&given, &in, static_cast<long>(bytes.size())), nullptr);
  EXPECT_EQ(given, nullptr);
  EXPECT_EQ(in, bytes.data());
  EXPECT_EQ(references(held), 1U);
  EXPECT_EQ(encoded(held), before);
  EXPECT_EQ(told(), "born");
  given = held;
  EXPECT_EQ(lr_d2i_SESSION(&given, &in, 0), nullptr);
  EXPECT_EQ(given, nullptr);
  EXPECT_EQ(told(), "free(b)");
}

TEST_F(Encoding, NoTruncationDecodes) {
  LR_SESSION* session = full();
  const Bytes bytes = encoded(session);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    // A vector of its own, so that a read beyond it is seen.
    const Bytes truncated(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(decoded(truncated), nullptr) << length;
  }
  const unsigned char* in = bytes.data();
  EXPECT_EQ(lr_d2i_SESSION(nullptr, &in, -1), nullptr);
  lr_SESSION_free(session);
}

// Each encoding has one content and each content one encoding: what decodes encodes to the same.
TEST_F(Encoding, WhateverDecodesIsCanonical) {
  LR_SESSION* session = full();
  const Bytes right = encoded(session);
  std::mt19937 random(1);
  int decodable = 0;
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes = right;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<unsigned char>(random());
    }
    const unsigned char* in = bytes.data();
    LR_SESSION* copy = lr_d2i_SESSION(nullptr, &in, static_cast<long>(bytes.size()));
    if (copy == nullptr) continue;
    ++decodable;
    EXPECT_EQ(encoded(copy), Bytes(std::as_const(bytes).data(), in));
    lr_SESSION_free(copy);
  }
  EXPECT_GT(decodable, 1000);
  lr_SESSION_free(session);
}

TEST_F(Encoding, AnyBytesAreSafe) {
  std::mt19937 random(2);
  const Bytes magic = {'L', 'R', 'S', 'E', 1, 0, 0, 0};
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(random() % 64);
    for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random() % 12);
    bytes.insert(bytes.begin(), magic.begin(), magic.end());
    lr_SESSION_free(decoded(bytes));
  }
}

TEST_F(Encoding, RefusesWhatNoSessionCanHold) {
  LR_SESSION* session = make("", 1, 2);
  const Bytes right = encoded(session);
  const auto with = [&right](std::size_t place, unsigned char byte) {
    Bytes bytes = right;
    bytes[place] = byte;
    return bytes;
  };
  const auto and_then = [&right](const Bytes& field) {
    Bytes bytes = right;
    bytes.insert(bytes.end(), field.begin(), field.end());
    bytes[8] = static_cast<unsigned char>(bytes[8] + field.size());
    return bytes;
  };
  lr_SESSION_free(decoded(and_then({7, 0, 1, 'h'})));
  for (const Bytes& wrong : {
           with(0, 'l'), with(4, 2),           // magic, format
           with(5, 1),                         // far too long
           with(38, 6),                        // tags out of order
           and_then({4, 0, 0}),                // a field for the second time
           and_then({8, 0, 0}),                // an ALPN that is there and empty
           and_then({11, 0, 0}),               // a tag that nobody knows
           and_then({7, 0, 2, 'h', 0}),        // a hostname with a zero in it
           and_then({8, 0, 1, 'h', 7, 0, 0}),  // ALPN before the hostname
           and_then({7, 0}),                   // half a field
       }) {
    EXPECT_EQ(decoded(wrong), nullptr) << ::testing::PrintToString(wrong);
  }
  EXPECT_NE(session = (lr_SESSION_free(session), decoded(and_then({7, 0, 1, 'h'}))), nullptr);
  EXPECT_STREQ(lr_SESSION_get0_hostname(session), "h");
  lr_SESSION_free(session);
}

TEST_F(Encoding, NeitherTheMarkNorExDataAreContent) {
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* session = make("a");
  int value = 0;
  lr_SESSION_set_ex_data(session, logging_index(), &value);
  lr_CTX_add_session(context, session);
  lr_CTX_remove_session(context, session);
  EXPECT_EQ(lr_SESSION_is_resumable(session), 0);
  LR_SESSION* copy = decoded(encoded(session));
  EXPECT_EQ(lr_SESSION_is_resumable(copy), 1);
  EXPECT_EQ(lr_SESSION_get_ex_data(copy, logging_index()), nullptr);
  lr_SESSION_free(copy);
  lr_SESSION_free(session);
  lr_CTX_free(context);
}

}  // namespace
}  // namespace lr::testing
