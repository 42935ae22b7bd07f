// A context with a cache, and sessions that are let go of when the test ends.
#ifndef LASTREF_LIB_SESSION_STORE_FIXTURE_H_
#define LASTREF_LIB_SESSION_STORE_FIXTURE_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/session/session_fixture.h"

namespace lr::testing {

class Store : public SessionTest {
 protected:
  Store() : context_(lr_CTX_new()) { watch(context_); }
  ~Store() override {
    for (LR_SESSION* session : held_) lr_SESSION_free(session);
    if (context_ != nullptr) lr_CTX_free(context_);
  }

  // As make(); released when the test ends.
  LR_SESSION* hold(std::string_view id, long time = 1000, long timeout = 300) {
    held_.push_back(make(id, time, timeout));
    return held_.back();
  }
  LR_SESSION* add(std::string_view id, long time = 1000, long timeout = 300) {
    LR_SESSION* session = hold(id, time, timeout);
    EXPECT_EQ(lr_CTX_add_session(context_, session), 1);
    return session;
  }
  // In the cache only.
  void give(std::string_view id, long time = 1000, long timeout = 300) {
    LR_SESSION* session = make(id, time, timeout);
    EXPECT_EQ(lr_CTX_add_session(context_, session), 1);
    lr_SESSION_free(session);
  }
  std::string line() { return line_of(context_); }

  LR_CTX* context_;
  std::vector<LR_SESSION*> held_;
};

}  // namespace lr::testing

#endif  // LASTREF_LIB_SESSION_STORE_FIXTURE_H_
