// What operations do to connections.
#include <utility>

#include "harness/generate/rules/simulation.h"

namespace lastref::rules {

void Simulation::happen_to_connection(const Operation& operation) {
  if (operation.code == Op::CONNECTION_NEW) {
    const int made_from = operation.operand[0];
    world_.connections[operation.result] = {true, made_from, made_from, kNone};
    context(made_from).connections += 2;
    return;
  }
  Connection& connection = world_.connections[operation.operand[0]];
  switch (operation.code) {
    case Op::CONNECTION_FREE:
      return free(connection);
    case Op::SET_SESSION: {
      const int session = world_.named(operation.operand[1]);
      const bool clears = contract_.is(Switch::SET_SESSION_NULL, set_session_null::kClears);
      if (session != kNone || clears) hold(connection, session);
      return;
    }
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

void Simulation::free(Connection& connection) {
  hold(connection, kNone);
  connection.alive = false;
  for (const int of : {connection.context, connection.made_from}) {
    --context(of).connections;
    bury_if_dead(context(of));
  }
}

}  // namespace lastref::rules
