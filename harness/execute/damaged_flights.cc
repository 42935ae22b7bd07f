// Handshakes of which a flight did not come as it was sent.
//
// What the reader makes of it, and when it is noticed, is the library's to say, so that nobody can
// tell who holds what: the program ends there, as behind a failed allocation. But some of it is
// sure. Each byte of a message is covered by the Finished messages (RFC 5246, 7.4.9; RFC 8446,
// 4.4.4), and those are what makes a handshake complete and a session one that may be resumed.

#include <algorithm>
#include <bit>

#include "harness/execute/lockstep.h"
#include "harness/memory/clock.h"

namespace lastref {
namespace {

constexpr int kServersFlight = 2;

// Whether the damage keeps the server from its end: of the flights before its own last one, each
// byte is needed. What comes twice may be read once only.
bool server_cannot_finish(const Fault& fault, bool tickets_may_come) {
  if (fault.damage() == Damage::kRepeat || fault.flight() == Fault::kFlights) return false;
  return fault.flight() != kServersFlight || !tickets_may_come;
}

std::int64_t get_callbacks(const EventList& events) {
  return std::ranges::count(events.view(), EventKind::kGetCallback, &Event::kind);
}

}  // namespace

void Lockstep::judge_damaged(const Operation& operation, const State& before, std::int64_t result,
                             bool lacking) {
  compare_damaged(operation, before, result, lacking);
  compare_strangers(operation, before);
  lose_track(operation);
}

// The state is the one behind the handshake without the damage.
void Lockstep::compare_damaged(const Operation& operation, const State& before, std::int64_t result,
                               bool lacking) {
  // RFC 8446, 4.6.1: a server "MAY compute the remainder of the transcript independently and then
  // send a NewSessionTicket immediately upon sending its Finished". Those whose sessions are seen
  // do not.
  const bool tickets_may_come = model_.contract().is(Switch::SET_SESSION, set_session::kUnseen) &&
                                before.connections[operation.operand[0]].protocol == kTls13 &&
                                before.connections[operation.operand[1]].protocol == kTls13;
  const bool server_fails = server_cannot_finish(operation.fault, tickets_may_come);
  const bool otherwise = !lacking && result != expected_.result;
  if (result != kHandshakeIncomplete && (server_fails || otherwise)) {
    report(Discrepancy::kResult, operation, kNoSubject, kHandshakeIncomplete, result);
  }
  // Nor is it known what bodies put into caches, or how many sessions a server stores that lacks
  // something, as one without a key for its tickets does.
  if (ran_body() || (lacking && !server_fails)) return;
  const std::int64_t found = get_callbacks(witness_.events());
  for (std::uint8_t number = 0; number < kMaxContexts; ++number) {
    const void* const address = performer_.context(number);
    if (!before.contexts[number].alive() || address == nullptr) continue;
    lastref_context_view view;
    view.size = LASTREF_CONTEXT_VIEW_CHEAP;
    {
      const TargetScope inside;
      target_.view_context(address, &view);
    }
    // A session that a get callback gave is put into the cache before the handshake is complete.
    std::int64_t most = before.contexts[number].count;
    if (!server_fails) most = std::max<std::int64_t>(most, state_.contexts[number].count);
    if (view.number > most + found) {
      report(Discrepancy::kCacheNumber, operation, number, most, view.number);
    }
  }
}

// Sessions that the application alone holds are none of the handshake's business.
void Lockstep::compare_strangers(const Operation& operation, const State& before) {
  if (get_callbacks(witness_.events()) > 0 || ran_body()) return;
  for (std::uint64_t live = before.live; live != 0; live &= live - 1) {
    const auto number = static_cast<std::uint8_t>(std::countr_zero(live));
    const SessionState& session = before.sessions[number];
    const void* const address = witness_.address(number);
    if (session.connections > 0 || session.cached() || address == nullptr) continue;
    lastref_session_view view;
    view.size = sizeof view;
    {
      const TargetScope inside;
      target_.view_session(address, &view);
    }
    IdDigest digest = id_digests_[number];
    if (check_.agrees(session.contents, view, digest)) continue;
    const Contents after = state_.sessions[number].contents;
    state_.sessions[number].contents = session.contents;
    explain_session(operation, number, view);
    state_.sessions[number].contents = after;
  }
}

}  // namespace lastref
