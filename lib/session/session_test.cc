// The rules of the manual page SSL_SESSION_free(3), each by its words, and what a dup copies.
#include <ctime>

#include "lib/session/session_fixture.h"
#if LASTREF_LEDGER
#include "lastref/ownership.h"
#endif

namespace lr::testing {
namespace {

using SslSessionFree = SessionTest;

// "SSL_SESSION_new() creates a new SSL_SESSION structure and returns a pointer to it."
TEST_F(SslSessionFree, NewCreatesASessionWithOneReference) {
  const std::time_t before = std::time(nullptr);
  LR_SESSION* session = lr_SESSION_new();
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(references(session), 1U);
  EXPECT_GE(lr_SESSION_get_time(session), before);
  EXPECT_LE(lr_SESSION_get_time(session), std::time(nullptr));
  EXPECT_EQ(lr_SESSION_get_timeout(session), 304);
  EXPECT_EQ(lr_SESSION_get_protocol_version(session), 771);
  EXPECT_EQ(lr_SESSION_is_resumable(session), 0);
  unsigned length = 1;
  EXPECT_NE(lr_SESSION_get_id(session, &length), nullptr);
  EXPECT_EQ(length, 0U);
  lr_SESSION_free(session);
}

// "SSL_SESSION_dup() creates a new SSL_SESSION structure that is a copy of src."
TEST_F(SslSessionFree, DupIsACopyWithOneReferenceOfItsOwn) {
  LR_SESSION* source = make("a", 5, 6);
  const unsigned char bytes[] = {1, 0, 2};
  EXPECT_EQ(lr_SESSION_set1_id_context(source, bytes, 3), 1);
  EXPECT_EQ(lr_SESSION_set1_hostname(source, "a.example"), 1);
  EXPECT_EQ(lr_SESSION_set1_alpn_selected(source, bytes, 3), 1);
  EXPECT_EQ(lr_SESSION_set1_ticket(source, bytes, 2), 1);
  EXPECT_EQ(lr_SESSION_set1_ticket_appdata(source, bytes, 1), 1);
  EXPECT_EQ(lr_SESSION_set1_master_key(source, bytes, 3), 1);
  EXPECT_EQ(lr_SESSION_set_protocol_version(source, 772), 1);
  int value = 0;
  EXPECT_EQ(lr_SESSION_set_ex_data(source, logging_index(), &value), 1);
  lr_SESSION_up_ref(source);

  LR_SESSION* copy = lr_SESSION_dup(source);
  ASSERT_NE(copy, nullptr);
  EXPECT_NE(copy, source);
  EXPECT_EQ(references(copy), 1U);
  unsigned char encoded[2][256] = {};
  unsigned char* out[2] = {encoded[0], encoded[1]};
  const int length = lr_i2d_SESSION(source, &out[0]);
  EXPECT_EQ(lr_i2d_SESSION(copy, &out[1]), length);
  EXPECT_EQ(std::string(encoded[0], out[0]), std::string(encoded[1], out[1]));
  EXPECT_EQ(lr_SESSION_get_ex_data(copy, logging_index()), &value);

  // It shares nothing: what becomes of the one does not show in the other.
  lr_SESSION_free(source);
  lr_SESSION_free(source);
  EXPECT_STREQ(lr_SESSION_get0_hostname(copy), "a.example");
  lr_SESSION_free(copy);
}

// "The copy is not owned by any cache that src may have been in."
TEST_F(SslSessionFree, DupIsInNoCache) {
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* source = make("a");
  EXPECT_EQ(lr_CTX_add_session(context, source), 1);
  LR_SESSION* copy = lr_SESSION_dup(source);
  EXPECT_EQ(references(copy), 1U);
  EXPECT_EQ(line_of(context), "a:2");
  LR_CTX* other = lr_CTX_new();
  EXPECT_EQ(lr_CTX_add_session(other, copy), 1);
  EXPECT_EQ(line_of(other), "a:2");
  lr_CTX_free(other);
  lr_CTX_free(context);
  lr_SESSION_free(source);
  lr_SESSION_free(copy);
}

TEST_F(SslSessionFree, DupKeepsTheMarkOfARemovedSession) {
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* source = make("a");
  lr_CTX_add_session(context, source);
  lr_CTX_remove_session(context, source);
  LR_SESSION* copy = lr_SESSION_dup(source);
  EXPECT_EQ(lr_SESSION_is_resumable(copy), 0);
  lr_SESSION_free(source);
  lr_SESSION_free(copy);
  lr_CTX_free(context);
}

// "SSL_SESSION_up_ref() increments the reference count on the given SSL_SESSION structure."
// "returns 1 on success or 0 on error."
TEST_F(SslSessionFree, UpRefIncrementsTheCount) {
  LR_SESSION* session = lr_SESSION_new();
  EXPECT_EQ(lr_SESSION_up_ref(session), 1);
  EXPECT_EQ(references(session), 2U);
  lr_SESSION_free(session);
  EXPECT_EQ(references(session), 1U);
  lr_SESSION_free(session);
  EXPECT_EQ(lr_SESSION_up_ref(nullptr), 0);
}

// "decrements the reference count of session and removes the SSL_SESSION structure ... if the
// reference count has reached 0."
TEST_F(SslSessionFree, FreeDestroysWithTheLastReference) {
  watch_deaths();
  LR_SESSION* session = make("a");
  EXPECT_EQ(told(), "born");
  lr_SESSION_up_ref(session);
  lr_SESSION_free(session);
  EXPECT_EQ(told(), "");
  lr_SESSION_free(session);
  EXPECT_EQ(told(), "free(a)");
}

// "If session is NULL nothing is done."
TEST_F(SslSessionFree, FreeOfNullDoesNothing) {
  lr_SESSION_free(nullptr);
  lr_CTX_free(nullptr);
  lr_SSL_free(nullptr);
  lr_free(nullptr);
}

// "the SSL_SESSION objects are internally referenced by the SSL_CTX and linked into its session
// cache."
TEST_F(SslSessionFree, TheCacheHoldsAReferenceOfItsOwn) {
  watch_deaths();
  LR_CTX* context = lr_CTX_new();
  LR_SESSION* session = make("a");
  lr_CTX_add_session(context, session);
  EXPECT_EQ(line_of(context), "a:2");
  lr_SESSION_free(session);
  EXPECT_EQ(line_of(context), "a:1");
  EXPECT_EQ(told(), "born");
  lr_CTX_free(context);
  EXPECT_EQ(told(), "free(a)");
}

// "several SSL objects may be using one SSL_SESSION object at the same time."
TEST_F(SslSessionFree, SeveralConnectionsUseOneSession) {
  watch_deaths();
  LR_CTX* context = lr_CTX_new();
  LR_SSL* first = lr_SSL_new(context);
  LR_SSL* second = lr_SSL_new(context);
  LR_SESSION* session = make("a");
  lr_SSL_set_session(first, session);
  lr_SSL_set_session(second, session);
  EXPECT_EQ(references(session), 3U);
  lr_SESSION_free(session);
  lr_SSL_free(first);
  EXPECT_EQ(lr_SSL_get0_session(second), session);
  EXPECT_EQ(told(), "born");
  lr_SSL_free(second);
  EXPECT_EQ(told(), "free(a)");
  lr_CTX_free(context);
}

// "These failures may also appear delayed, e.g. when ... the cache list is processed during a
// SSL_CTX_flush_sessions(3) operation": with right counts they do not.
TEST_F(SslSessionFree, FlushAfterTheApplicationLetGoFindsLiveSessionsOnly) {
  watch_deaths();
  LR_CTX* context = lr_CTX_new();
  for (const char* id : {"a", "b", "c"}) {
    LR_SESSION* session = make(id);
    lr_CTX_add_session(context, session);
    lr_SESSION_free(session);
  }
  EXPECT_EQ(told(), "born born born");
  lr_CTX_flush_sessions(context, 0);
  EXPECT_EQ(told(), "free(a) free(b) free(c)");
  lr_CTX_free(context);
}

#if LASTREF_LEDGER
// "It must not be called on other SSL_SESSION objects, as this would cause incorrect reference
// counts": what "may also appear delayed", at the flush, the ledger tells at the free itself. The
// reference is taken again here before anything dangles.
TEST_F(SslSessionFree, AFreeOfWhatTheCacheOwnsIsToldAtTheFreeNotAtTheFlush) {
  LR_CTX* context = lr_CTX_new();
  LR_SSL* connection = lr_SSL_new(context);
  LR_SESSION* session = make("a");
  lr_CTX_add_session(context, session);
  lr_SSL_set_session(connection, session);
  lr_SESSION_free(session);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
  lr_SESSION_free(session);
  lastref_ledger_finding finding{};
  ASSERT_EQ(lastref_ledger_findings(&finding, 1), 1U);
  EXPECT_EQ(finding.verdict, LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(finding.object, session);
  EXPECT_EQ(finding.outstanding, 2U) << "the cache's and the connection's";
  EXPECT_EQ(references(session), 1U);
  lr_SESSION_up_ref(session);
  lastref_ledger_reset();

  lr_SSL_free(connection);
  lr_CTX_flush_sessions(context, 0);
  lr_CTX_free(context);
}
#endif

// "must only be called for SSL_SESSION objects, for which the reference count was explicitly
// incremented (e.g. by calling SSL_get1_session()...) or when the SSL_SESSION object was generated
// outside a TLS handshake operation, e.g. by using d2i_SSL_SESSION(3)."
TEST_F(SslSessionFree, WhatAcquiresIsNewDupUpRefGet1AndD2i) {
  LR_CTX* context = lr_CTX_new();
  LR_SSL* connection = lr_SSL_new(context);
  LR_SESSION* session = make("a");
  lr_SSL_set_session(connection, session);
  EXPECT_EQ(references(session), 2U);
  EXPECT_EQ(lr_SSL_get0_session(connection), session);
  EXPECT_EQ(lr_SSL_get_session(connection), session);
  EXPECT_EQ(references(session), 2U);
  EXPECT_EQ(lr_SSL_get1_session(connection), session);
  EXPECT_EQ(references(session), 3U);

  unsigned char* encoded = nullptr;
  const int length = lr_i2d_SESSION(session, &encoded);
  const unsigned char* in = encoded;
  LR_SESSION* decoded = lr_d2i_SESSION(nullptr, &in, length);
  EXPECT_EQ(references(decoded), 1U);
  lr_free(encoded);

  lr_SESSION_free(decoded);
  lr_SESSION_free(session);
  lr_SESSION_free(session);
  lr_SSL_free(connection);
  lr_CTX_free(context);
}

}  // namespace
}  // namespace lr::testing
