// What operations do to connections.
#include <utility>

#include "harness/generate/rules/simulation.h"

namespace lastref::rules {

void Simulation::happen_to_connection(const Operation& operation) {
  if (operation.code == Op::CONNECTION_NEW) {
    const int made_from = operation.operand[0];
    Connection& made = world_.connections[operation.result];
    made = {true, made_from, made_from, kNone, context(made_from).off};
    context(made_from).connections += 2;
    if (contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn)) bear_own(made);
    return;
  }
  Connection& connection = world_.connections[operation.operand[0]];
  switch (operation.code) {
    case Op::CONNECTION_FREE:
      return free(connection);
    case Op::CONNECTION_CLEAR:
      // SSL_clear(3): the session of a connection that is not open stays, or is made anew.
      if (contract_.is(Switch::CLEAR_SESSION, clear_session::kKeeps)) return;
      hold(connection, kNone);
      return bear_own(connection);
    case Op::SET_SESSION:
      return set_session(connection, world_.named(operation.operand[1]));
    case Op::GET1_SESSION:
      if (connection.session != kNone) ++world_.session(connection.session).application;
      [[fallthrough]];
    case Op::GET0_SESSION:
      world_.handles[operation.result] = connection.session;
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

void Simulation::set_session(Connection& connection, int session) {
  if (session == kNone) {
    if (contract_.is(Switch::SET_SESSION_NULL, set_session_null::kClears)) hold(connection, kNone);
    return;
  }
  world_.session(session).fresh = false;
  if (connection.cache_off && contract_.is(Switch::SET_SESSION_OFF, set_session_off::kRefused)) {
    return;
  }
  if (connection.session == kNone || contract_.is(Switch::SET_SESSION, set_session::kAcquires)) {
    return hold(connection, session);
  }
  Session& own = world_.session(connection.session);
  const bool overwrites = contract_.hazards.has(Hazard::SET_SESSION_OVERWRITES);
  if (own.application == 0 || overwrites) own.contents = world_.session(session).contents;
}

void Simulation::bear_own(Connection& connection) {
  connection.session = birth(new_contents());
  Session& own = world_.session(connection.session);
  own.application = 0;
  own.connections = 1;
}

void Simulation::free(Connection& connection) {
  const int held = connection.session;
  hold(connection, kNone);
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
