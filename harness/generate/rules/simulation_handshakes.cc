// What handshakes do. Which session is resumed, and what the ends make of it, is told by somebody
// else; that references balance, that sessions which others hold do not change, and that callbacks
// do what they were set to, is asked here.
#include <algorithm>

#include "harness/generate/rules/simulation.h"
#include "harness/program/values.h"

namespace lastref::rules {
namespace {

bool acquires(std::uint8_t on_get) {
  return on_get == kOnGetOwned || on_get == kOnGetOwnedCopy0 || on_get == kOnGetOwnedCopy1;
}
bool hands_over(std::uint8_t on_get) {
  return on_get == kOnGetBorrowedCopy0 || on_get == kOnGetOwnedCopy0;
}

Contents contents_of(const HandshakeOutcome::Session& seen) {
  Contents contents;
  contents.id = seen.id;
  contents.version = seen.version;
  contents.time = seen.time;
  contents.timeout = seen.timeout;
  if (seen.known) {
    contents.has_ticket = seen.has_ticket;
  } else {
    contents.has_ticket.reset();
    contents.knows_appdata = contents.knows_master_key = false;
    contents.out_of_damage = true;
  }
  return contents;
}

}  // namespace

void Simulation::shake_hands(const Operation& operation) {
  const std::size_t number_of = handshakes_++;
  if (number_of >= outcomes_.size()) return stop({kHandshakes, true});
  const HandshakeOutcome& outcome = outcomes_[number_of];
  if (!is_possible(outcome)) return stop({kImpossibleHandshake});
  const std::size_t before = world_.sessions.size();
  for (std::size_t made = before; made < outcome.sessions.size(); ++made) {
    Session session;
    session.contents = contents_of(outcome.sessions[made]);
    world_.sessions.push_back(session);
  }
  const Context& serves = context(world_.connections[operation.operand[1]].made_from);
  for (std::size_t old = 0; old < before; ++old) {
    const auto time = outcome.sessions[old].time;
    if (!world_.sessions[old].alive() || world_.sessions[old].contents.time == time) continue;
    if (!serves.updates_time) return stop({kImpossibleHandshake});
    world_.sessions[old].contents.time = time;
  }
  for (const HandshakeOutcome::Call& call : outcome.calls) {
    const std::size_t connection = static_cast<std::size_t>(call.connection);
    const bool in_use = contract_.is(Switch::SWITCHED_CALLBACKS, switched_callbacks::kContextInUse);
    const int heard =
        in_use ? outcome.ends[connection].context : world_.connections[connection].made_from;
    if (call.asks) {
      answer(call, context(heard).on_get);
    } else {
      tell(call, context(heard).on_new);
    }
  }
  for (const std::uint8_t end : {operation.operand[0], operation.operand[1]}) {
    leave_alone(world_.connections[end], outcome.ends[end], before);
    world_.connections[end].is_client = end == operation.operand[0];
  }
  for (std::size_t of = 0; of < outcome.caches.size(); ++of) {
    relink(world_.contexts[of], outcome.caches[of], before);
  }
  for (std::size_t session = 0; session < outcome.sessions.size() && !stopped(); ++session) {
    if (world_.sessions[session].alive() != outcome.sessions[session].alive) {
      stop({kImpossibleHandshake});
    }
  }
}

// "One SSL_SESSION object [...] must therefore only be used with one SSL_CTX object": nothing of
// one that is there already may have changed.
bool Simulation::is_possible(const HandshakeOutcome& outcome) const {
  if (outcome.sessions.size() < world_.sessions.size()) return false;
  if (outcome.sessions.size() > kMaxSessions) return false;
  for (std::size_t i = 0; i < world_.sessions.size(); ++i) {
    const Session& old = world_.sessions[i];
    const HandshakeOutcome::Session& now = outcome.sessions[i];
    if (!old.alive()) {
      if (now.alive) return false;
      continue;
    }
    const Contents& had = old.contents;
    if (!had.out_of_damage && now.alive &&
        (had.id != now.id || had.version != now.version || had.timeout != now.timeout ||
         had.has_ticket != now.has_ticket)) {
      return false;
    }
  }
  return true;
}

// The get callback answers with the session of the first variable that names one of that id.
void Simulation::answer(const HandshakeOutcome::Call& call, std::uint8_t on_get) {
  const int made_from = world_.connections[static_cast<std::size_t>(call.connection)].made_from;
  if (on_get == kOnGetOff) return stop({kImpossibleHandshake});
  if (call.session == HandshakeOutcome::kNobody) return;
  Session& answered = world_.session(call.session);
  for (const int named : world_.handles) {
    if (named == kNone || !world_.session(named).alive()) continue;
    if (world_.session(named).contents.id != answered.contents.id) continue;
    if (named != call.session) return stop({kImpossibleHandshake});
    break;
  }
  if (get_callback_has_nothing(on_get) || !world_.has_name(call.session))
    return stop({kImpossibleHandshake});
  if (contract_.is(Switch::ONE_CONTEXT, one_context::kRequired)) {
    if (answered.bound_to != kNone && answered.bound_to != made_from)
      return stop({kAddedToAnother});
    for (const Connection& other : world_.connections) {
      if (other.alive && other.session == call.session && other.made_from != made_from) {
        return stop({kHeldByAnothersConnection});
      }
    }
  }
  answered.fresh = false;
  if (acquires(on_get)) ++answered.application;
  if (!hands_over(on_get)) return;
  if (answered.application == 0) return stop({kHandsOverNothing});
  --answered.application;
}

// The new callback keeps its reference in the first variable that is NULL, or gives it back.
void Simulation::tell(const HandshakeOutcome::Call& call, std::uint8_t on_new) {
  const int made_from = world_.connections[static_cast<std::size_t>(call.connection)].made_from;
  if (on_new == kOnNewOff) return stop({kImpossibleHandshake});
  const bool is_left = call.session != HandshakeOutcome::kNobody;
  if (is_left) world_.session(call.session).bound_to = made_from;
  if (on_new != kOnNewKeep) return;
  const auto variable = std::ranges::find(world_.handles, kNone);
  if (variable == world_.handles.end()) return;
  if (!is_left) return stop({kImpossibleHandshake});  // who keeps one has it
  *variable = call.session;
  ++world_.session(call.session).application;
}

void Simulation::leave_alone(Connection& connection, const HandshakeOutcome::End& end,
                             std::size_t before) {
  connection.stage = end.established ? Stage::kEstablished : Stage::kBegun;
  connection.made = end.made;
  hold(connection, end.session);
  hold_beside(connection, end.kept);
  if (end.session != kNone && static_cast<std::size_t>(end.session) >= before) {
    world_.session(end.session).bound_to = connection.made_from;
  }
  --context(connection.context).connections;
  connection.context = end.context;
  ++context(connection.context).connections;
}

// The cache links what it is said to; what is new there was made by the handshake, or is what a get
// callback answered.
void Simulation::relink(Context& of, const std::vector<int>& now, std::size_t before) {
  std::vector<Link> cache;
  for (const int session : now) {
    const auto old = of.find(session);
    if (old != of.cache.end()) {
      cache.push_back(*old);
      continue;
    }
    if (static_cast<std::size_t>(session) < before && !world_.has_name(session)) {
      return stop({kImpossibleHandshake});
    }
    cache.push_back({session, key(world_.session(session).contents)});
    ++world_.session(session).caches;
    world_.session(session).bound_to = static_cast<int>(&of - world_.contexts.data());
  }
  for (const Link& old : of.cache) {
    if (std::ranges::find(now, old.session) == now.end()) --world_.session(old.session).caches;
  }
  of.cache = cache;
}

}  // namespace lastref::rules
