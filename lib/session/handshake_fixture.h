// A client's and a server's context, and handshakes between connections of theirs.
#ifndef LASTREF_LIB_SESSION_HANDSHAKE_FIXTURE_H_
#define LASTREF_LIB_SESSION_HANDSHAKE_FIXTURE_H_

#include <memory>

#include "lib/session/session_fixture.h"

namespace lr::testing {

struct FreeConnection {
  void operator()(LR_SSL* connection) const { lr_SSL_free(connection); }
};
using Connection = std::unique_ptr<LR_SSL, FreeConnection>;

struct FreeSession {
  void operator()(LR_SESSION* session) const { lr_SESSION_free(session); }
};
using Session = std::unique_ptr<LR_SESSION, FreeSession>;

class HandshakeTest : public SessionTest {
 protected:
  // Sessions with ids; tests of tickets take the option away.
  HandshakeTest() {
    lr_CTX_set_options(server_context_, LR_OP_NO_TICKET);
    begin();
  }
  ~HandshakeTest() override {
    end();
    lr_CTX_free(client_context_);
    lr_CTX_free(server_context_);
  }

  // New connections; what they were before is closed cleanly.
  void begin(LR_SESSION* offered = nullptr) {
    end();
    client_.reset(lr_SSL_new(client_context_));
    server_.reset(lr_SSL_new(server_context_));
    if (offered != nullptr) lr_SSL_set_session(client_.get(), offered);
  }
  void end() {
    for (Connection* connection : {&client_, &server_}) {
      if (*connection != nullptr) lr_SSL_shutdown(connection->get());
      connection->reset();
    }
  }

  int shake(int point = LR_HANDSHAKE_COMPLETE) {
    return lr_handshake(client_.get(), server_.get(), point);
  }

  // A session of a handshake that was closed cleanly, as the client has it.
  Session established() {
    begin();
    EXPECT_EQ(shake(), 1);
    Session session(lr_SSL_get1_session(client_.get()));
    begin();
    return session;
  }

  // Whether another handshake that offers the session resumes it.
  bool resumes(const Session& session) {
    begin(session.get());
    EXPECT_EQ(shake(), 1);
    EXPECT_EQ(lr_SSL_session_reused(client_.get()), lr_SSL_session_reused(server_.get()));
    return lr_SSL_session_reused(server_.get()) == 1;
  }

  LR_CTX* client_context_ = lr_CTX_new();
  LR_CTX* server_context_ = lr_CTX_new();
  Connection client_;
  Connection server_;
};

}  // namespace lr::testing

#endif  // LASTREF_LIB_SESSION_HANDSHAKE_FIXTURE_H_
