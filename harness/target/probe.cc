#include "harness/target/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace lastref {

// One run: stops at the first thing that is wrong.
class Probe::Run {
 public:
  Run(Probe& probe, const lastref_target& target) : probe_(probe), target_(target) {}

  ProbeResult finish() { return result_; }
  bool failed() const { return !result_.failure.empty(); }

  // Makes a session, or a dup of `source`, and looks at its birth. NULL after a failure.
  void* make(uint32_t operation, void* source, const char* call) {
    probe_.events_.clear();
    lastref_result made;
    if (!perform(operation, source, call, made)) return nullptr;
    if (made.object == nullptr) {
      fail(fmt::format("{} returned NULL; expected a session", call));
      return nullptr;
    }
    look_at_block(made.object, call);
    expect_event(made.object, true, call);
    return made.object;
  }

  // Frees it for good and looks at its death.
  void release(void* session, const char* which) {
    if (failed()) return;
    probe_.events_.clear();
    const std::string call = fmt::format("SSL_SESSION_free of {}", which);
    lastref_result released;
    if (!perform(LASTREF_OP_SESSION_FREE, session, call.c_str(), released)) return;
    if (claims(LASTREF_SEES_BLOCKS) && probe_.block_size_(session) != 0) {
      fail(fmt::format(
          "after {} its block is still there; expected that the last reference frees it", call));
    }
    expect_event(session, false, call.c_str());
  }

  void check_clock(void* session, int64_t now) {
    // A session that gets its time from a handshake shows the clock there, and not yet.
    if (failed() || !claims(LASTREF_CAN_CLOCK) || has_switch("new-time", "zero")) return;
    lastref_result time;
    if (!perform(LASTREF_OP_GET_TIME, session, "SSL_SESSION_get_time", time) || time.value == now) {
      return;
    }
    fail(
        fmt::format("a new session has the time {}, expected the host's clock, {}; the library "
                    "does not use the executable's time(): leave LASTREF_CAN_CLOCK out, or give "
                    "the library the host's now()",
                    time.value, now));
  }

  void check_claims() {
    constexpr uint64_t kObservers = LASTREF_SEES_BLOCKS | LASTREF_SEES_EX_DATA;
    if (!claims(LASTREF_CAN_SESSION)) {
      fail("it does not claim LASTREF_CAN_SESSION; a target without sessions cannot be judged");
    } else if ((target_.capabilities & kObservers) == 0) {
      fail(
          "it shows no deaths; claim LASTREF_SEES_BLOCKS or LASTREF_SEES_EX_DATA and install the "
          "host's functions");
    }
  }

 private:
  bool claims(uint64_t capability) const { return (target_.capabilities & capability) != 0; }

  bool has_switch(std::string_view name, std::string_view value) const {
    const std::span all(target_.switches, target_.switch_count);
    return std::ranges::any_of(
        all, [&](const lastref_switch& of) { return of.name == name && of.value == value; });
  }

  void fail(const std::string& why) {
    if (!failed()) {
      result_.failure = fmt::format("the target '{}' cannot be observed: {}", target_.name, why);
    }
  }

  bool perform(uint32_t operation, void* session, const char* name, lastref_result& result) {
    if (failed()) return false;
    lastref_call call{};
    call.size = sizeof call;
    call.operation = operation;
    call.session = session;
    result = {};
    result.size = sizeof result;
    const int status = target_.perform(&call, &result);
    if (status != 0 || result.unsupported != 0) {
      fail(fmt::format("{} was {}; expected what its capabilities claim", name,
                       status != 0 ? "refused by the adapter" : "unsupported"));
    }
    return !failed();
  }

  void look_at_block(const void* session, const char* call) {
    if (failed() || !claims(LASTREF_SEES_BLOCKS)) return;
    const std::size_t size = probe_.block_size_(session);
    if (size == 0) {
      fail(
          fmt::format("the session that {} returned is not the address of a block of the host's; "
                      "install the host's allocator before the library's first allocation, or "
                      "leave LASTREF_SEES_BLOCKS out",
                      call));
    } else if (result_.session_size != 0 && size != result_.session_size) {
      fail(
          fmt::format("{} made a block of {} bytes, an earlier session had {}; expected one size, "
                      "by which blocks of sessions are known",
                      call, size, result_.session_size));
    } else {
      result_.session_size = size;
    }
  }

  // Exactly one event, of that session and kind.
  void expect_event(const void* session, bool birth, const char* call) {
    if (failed() || !claims(LASTREF_SEES_EX_DATA)) return;
    std::size_t right = 0;
    for (const Event& event : probe_.events_) {
      if (event.session == session && event.birth == birth) ++right;
    }
    const std::size_t wrong = probe_.events_.size() - right;
    if (right == 1 && wrong == 0) return;
    fail(
        fmt::format("{} led to {} calls of the host's {}() with that session and {} others; "
                    "expected one and none",
                    call, right, birth ? "born" : "died", wrong));
  }

  Probe& probe_;
  const lastref_target& target_;
  ProbeResult result_;
};

ProbeResult Probe::run(const lastref_target& target, int64_t (*now)()) {
  Run run(*this, target);
  run.check_claims();
  void* session = run.make(LASTREF_OP_SESSION_NEW, nullptr, "SSL_SESSION_new");
  run.check_clock(session, now());
  if ((target.capabilities & LASTREF_CAN_DUP) != 0) {
    void* dup = run.make(LASTREF_OP_SESSION_DUP, session, "SSL_SESSION_dup");
    run.release(dup, "a dup");
  }
  run.release(session, "a new session");
  return run.finish();
}

}  // namespace lastref
