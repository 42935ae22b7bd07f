#include "harness/execute/content_check.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

namespace lastref {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr std::array<std::uint8_t, 32> kId = {1, 2, 3};
constexpr std::array<std::uint8_t, 4> kShort = {4, 5, 6, 7};
constexpr std::uint8_t kHost[] = "a.example";

// A session with something in every field, and what its getters say.
struct Session {
  Contents contents;
  lastref_session_view view{};

  Session() {
    contents.time = view.time = 1000;
    contents.timeout = view.timeout = 300;
    contents.version = view.version = 771;
    contents.ex_data = 2;
    view.ex_data = 2;
    contents.ticket = 1;
    view.has_ticket = view.resumable = 1;
    contents.id = fingerprint(kId.data(), kId.size());
    view.id = kId.data();
    view.id_length = kId.size();
    contents.id_context = fingerprint(kShort.data(), kShort.size());
    view.id_context = kShort.data();
    view.id_context_length = kShort.size();
    contents.hostname = fingerprint(kHost, sizeof kHost - 1);
    view.hostname = kHost;
    contents.alpn = fingerprint(kShort.data(), 2);
    view.alpn = kShort.data();
    view.alpn_length = 2;
  }
};

struct Change {
  const char* field;
  std::uint64_t capability;  // without which nobody looks at it; 0 for none
  std::function<void(Session&)> make;
};

// As a check sees it that never saw the session before.
bool agrees(std::uint64_t capabilities, const Session& session) {
  IdDigest id;
  return ContentCheck(capabilities).agrees(session.contents, session.view, id);
}

const std::vector<Change> kChanges = {
    {"time", 0, [](Session& of) { of.view.time = 1001; }},
    {"timeout", 0, [](Session& of) { of.view.timeout = -300; }},
    {"resumable", 0, [](Session& of) { of.view.resumable = 0; }},
    {"id", 0, [](Session& of) { --of.view.id_length; }},
    {"no id", 0, [](Session& of) { of.view.id_length = 0; }},
    {"id context", LASTREF_CAN_SET_ID_CONTEXT,
     [](Session& of) { of.view.id_context = kId.data(); }},
    {"version", LASTREF_CAN_VERSION, [](Session& of) { of.view.version = 772; }},
    {"ex_data", LASTREF_CAN_EX_DATA, [](Session& of) { of.view.ex_data = 0; }},
    {"high ex_data", LASTREF_CAN_EX_DATA, [](Session& of) { of.view.ex_data |= 1LL << 40; }},
    {"hostname", LASTREF_CAN_HOSTNAME, [](Session& of) { of.view.hostname = nullptr; }},
    {"alpn", LASTREF_CAN_ALPN, [](Session& of) { of.view.alpn_length = 0; }},
    {"has ticket", LASTREF_CAN_TICKET, [](Session& of) { of.view.has_ticket = 0; }},
};

TEST(ContentCheckTest, EqualContentsAgree) {
  const Session session;
  EXPECT_TRUE(agrees(kAll, session));
}

TEST(ContentCheckTest, ADifferenceInAnyFieldIsSeen) {
  for (const Change& change : kChanges) {
    Session session;
    change.make(session);
    EXPECT_FALSE(agrees(kAll, session)) << change.field;
  }
}

TEST(ContentCheckTest, WhatTheTargetLacksIsNotLookedAt) {
  for (const Change& change : kChanges) {
    Session session;
    change.make(session);
    EXPECT_EQ(agrees(kAll & ~change.capability, session), change.capability != 0) << change.field;
  }
}

TEST(ContentCheckTest, OfDamagedBytesOnlyTicketAndResumptionAreTheTargetsChoice) {
  for (const Change& change : kChanges) {
    Session session;
    session.contents.unknown = 1;
    change.make(session);
    const bool chosen = session.view.has_ticket == 0 || session.view.resumable == 0;
    EXPECT_EQ(agrees(kAll, session), chosen) << change.field;
  }
}

TEST(ContentCheckTest, AnEmptyIdAndNoneAreTheSameButAnEmptyHostnameIsNotNone) {
  Session session;
  session.contents.id = kEmptyFingerprint;
  session.view.id = nullptr;
  session.view.id_length = 0;
  EXPECT_TRUE(agrees(kAll, session));
  session.contents.hostname = 0;
  session.view.hostname = reinterpret_cast<const std::uint8_t*>("");
  EXPECT_FALSE(agrees(kAll, session));
}

TEST(IdDigestTest, WhateverCameBeforeTheDigestIsThatOfTheBytes) {
  IdDigest digest_of;
  std::array<std::uint8_t, kMaxIdLength> id{};
  for (std::size_t place = 0; place < id.size(); ++place) {
    EXPECT_EQ(digest_of.of(id.data(), id.size()), fingerprint(id.data(), id.size()));
    ++id[place];
    EXPECT_EQ(digest_of.of(id.data(), id.size()), fingerprint(id.data(), id.size())) << place;
    EXPECT_EQ(digest_of.of(id.data(), place), digest(id.data(), place));
  }
}

}  // namespace
}  // namespace lastref
