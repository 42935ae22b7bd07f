// What one handshake came to, as somebody saw it: a rule checker does not shake hands. It takes for
// a fact who holds what when both ends are left alone, and asks of it what must hold of any
// handshake; see simulation_handshakes.cc.
#ifndef LASTREF_HARNESS_GENERATE_RULES_HANDSHAKE_OUTCOME_H_
#define LASTREF_HARNESS_GENERATE_RULES_HANDSHAKE_OUTCOME_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/vocabulary/limits.h"

namespace lastref {

struct HandshakeOutcome {
  static constexpr int kNobody = -1;

  // Sessions by the numbers of their births, of which those of the handshake are the last.
  struct Session {
    bool alive = false;
    bool known = true;  // else nobody says what it has but for its id
    std::string id;
    std::int64_t version = 0;
    std::int64_t time = 0;
    std::int64_t timeout = 0;
    bool has_ticket = false;
  };
  std::vector<Session> sessions;

  struct End {
    int session = kNobody;
    int kept = kNobody;  // held beside it
    int context = 0;     // in use
    bool established = false;
    bool made = false;  // its session came of its own handshake
  };
  std::array<End, kMaxConnections> ends;

  // What each cache links, the next to be evicted first.
  std::array<std::vector<int>, kMaxContexts> caches;

  // Callbacks in order, but for those of servernames.
  struct Call {
    bool asks = false;  // the get callback, which returned the session or kNobody; else the new one
    int session = kNobody;
    int connection = 0;
  };
  std::vector<Call> calls;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_RULES_HANDSHAKE_OUTCOME_H_
