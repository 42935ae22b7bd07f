// What operations do to connections.
#include <utility>

#include "harness/generate/rules/simulation.h"

namespace lastref::rules {

void Simulation::happen_to_connection(const Operation& operation) {
  if (operation.code == Op::CONNECTION_NEW) {
    const int made_from = operation.operand[0];
    Connection& made = world_.connections[operation.result];
    made = Connection();
    made.alive = true;
    made.context = made.made_from = made_from;
    made.cache_off = context(made_from).off;
    context(made_from).connections += 2;
    if (contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn)) bear_own(made);
    return;
  }
  Connection& connection = world_.connections[operation.operand[0]];
  switch (operation.code) {
    case Op::CONNECTION_FREE:
      return free(connection);
    case Op::CONNECTION_CLEAR:
      return clear(connection);
    case Op::SET_SESSION:
      return set_session(connection, world_.named(operation.operand[1]));
    case Op::SHUTDOWN:
      connection.shut_down = true;
      return;
    case Op::GET1_SESSION:
      if (connection.session != kNone) ++world_.session(connection.session).application;
      [[fallthrough]];
    case Op::GET0_SESSION:
      world_.handles[operation.result] = connection.session;
      return;
    case Op::COPY_SESSION:
      // Nothing is established before a handshake, and those are not judged.
      world_.handles[operation.result] = kNone;
      return;
    case Op::SET_CONTEXT: {
      const int before = std::exchange(connection.context, operation.operand[1]);
      ++context(connection.context).connections;
      --context(before).connections;
      return bury_if_dead(context(before));
    }
    default:
      return;
  }
}

// SSL_set_session(3): the new session's count is incremented, the old one is freed.
void Simulation::hold(Connection& connection, int session) {
  if (session != kNone) {
    ++world_.session(session).connections;
    world_.session(session).fresh = false;
  }
  if (connection.session != kNone) --world_.session(connection.session).connections;
  connection.session = session;
}

void Simulation::hold_beside(Connection& connection, int session) {
  if (session != kNone) ++world_.session(session).connections;
  if (connection.kept != kNone) --world_.session(connection.kept).connections;
  connection.kept = session;
}

// One without an id is found by nobody, and leaves no cache that does not link it.
bool Simulation::forsake_bad_session(const Connection& connection) {
  if (!has_bad_session(world_, connection)) return false;
  Context& cached_by = context(connection.made_from);
  const auto& id = world_.session(connection.session).contents.id;
  const bool named = id && !id->empty();
  if (named || cached_by.links(connection.session)) remove(cached_by, connection.session);
  return true;
}

// SSL_clear(3): the session of a connection that is not open stays, or is made anew. Where
// connections keep what they were given, a client goes on with what it has established, and any
// other end with what it was given.
void Simulation::clear(Connection& connection) {
  const bool renews = contract_.is(Switch::CLEAR_SESSION, clear_session::kRenews);
  if (forsake_bad_session(connection) || renews) hold(connection, kNone);
  if (contract_.is(Switch::RESUMED_SESSION, resumed_session::kKept)) {
    const bool goes_on = connection.stage == Stage::kEstablished && connection.is_client;
    const bool given = !connection.made && connection.kept == kNone;
    if (!goes_on && !given) hold(connection, connection.kept);
    hold_beside(connection, kNone);
    connection.made = false;
  }
  if (renews) bear_own(connection);
  connection.stage = Stage::kReady;
  connection.shut_down = connection.given_late = false;
}

void Simulation::set_session(Connection& connection, int session) {
  if (session == kNone) {
    const bool clears = contract_.is(Switch::SET_SESSION_NULL, set_session_null::kClears);
    if (clears) replace_session(connection, kNone);
    return;
  }
  world_.session(session).fresh = false;
  // Copied to where nobody sees it.
  if (contract_.is(Switch::SET_SESSION, set_session::kUnseen)) return;
  if (connection.cache_off && contract_.is(Switch::SET_SESSION_OFF, set_session_off::kRefused)) {
    return;
  }
  if (connection.session == kNone || contract_.is(Switch::SET_SESSION, set_session::kAcquires)) {
    return replace_session(connection, session);
  }
  Session& own = world_.session(connection.session);
  const bool overwrites = contract_.hazards.has(Hazard::SET_SESSION_OVERWRITES);
  if (own.application == 0 || overwrites) own.contents = world_.session(session).contents;
}

void Simulation::replace_session(Connection& connection, int session) {
  forsake_bad_session(connection);
  if (session != kNone && !world_.session(session).alive()) return stop({kSessionIsDead});
  hold(connection, session);
  connection.given_late = connection.stage != Stage::kReady;
}

void Simulation::bear_own(Connection& connection) {
  connection.session = birth(new_contents());
  Session& own = world_.session(connection.session);
  own.application = 0;
  own.connections = 1;
}

void Simulation::free(Connection& connection) {
  forsake_bad_session(connection);
  const int held = connection.session;
  hold(connection, kNone);
  hold_beside(connection, kNone);
  if (held != kNone && !world_.session(held).alive() &&
      contract_.is(Switch::CALLBACK_AT_END, callback_at_end::kConnection)) {
    if (context(connection.context).on_remove == kOnRemoveDo &&
        contract_.hazards.has(Hazard::WITHHELD_1)) {
      return stop({kWithheld1});
    }
    ++world_.session(held).library;
    call_back(context(connection.context), held);
    --world_.session(held).library;
  }
  connection.alive = false;
  for (const int of : {connection.context, connection.made_from}) {
    --context(of).connections;
    bury_if_dead(context(of));
  }
}

}  // namespace lastref::rules
