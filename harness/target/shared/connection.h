// Connections of a library whose sessions are copied, over memory. What a library calls differently
// stands behind functions and constants of the adapter's:
//
//   struct Connection : copying::Endpoint<Context, Session, Connection>   made from a context, with
//   kAgain: what the library says
//       when there is nothing to read yet
//   bool set_up(Connection&, bool serves), void tear_down(Connection&)   its own object, for a
//   side;
//       what could not be set up whole can be torn down
//   int drive(Connection&, int state)   one flight, of a handshake that has come to a state; the
//   next bool is_resumed(const Connection& client) void refuse(Connection& client, Connection&
//   server, int64_t stop), void trust_again(Connection&
//       client, Connection& server)   around a handshake that a side is to refuse, as `stop` says
//   clear, set_session, copy_session   as the operations; say_goodbye   as a shutdown that is not
//   quiet void release(Context*)   one reference less
#ifndef LASTREF_HARNESS_TARGET_SHARED_CONNECTION_H_
#define LASTREF_HARNESS_TARGET_SHARED_CONNECTION_H_

#include <lastref/target_abi.h>

#include <cstdint>
#include <new>

#include "harness/target/shared/damage.h"
#include "harness/target/shared/memory.h"
#include "harness/target/shared/perform.h"
#include "harness/target/shared/wire.h"

namespace lastref::copying {

template <typename ContextType, typename SessionType, typename Self>
struct Endpoint {
  using Context = ContextType;
  using Session = SessionType;

  Context* context = nullptr;
  Self* peer = nullptr;  // whom it writes to
  bool serves = false;   // until then it is a client's
  Wire wire;             // what it has not read yet
};

template <typename Connection>
void disconnect(Connection& connection) {
  if (connection.peer != nullptr) connection.peer->peer = nullptr;
  connection.peer = nullptr;
  connection.wire.clear();
}

// Where there is no way to use one again but to make another.
template <typename Connection>
bool set_up_again(Connection& connection, bool serves) {
  tear_down(connection);
  return set_up(connection, serves);
}

template <typename Connection>
void end(Connection* connection) {
  disconnect(*connection);
  tear_down(*connection);
  release(connection->context);
  host->release(connection);
}

// NULL when memory is short.
template <typename Connection>
Connection* make(typename Connection::Context* context) {
  void* block = allocate(sizeof(Connection));
  if (block == nullptr) return nullptr;
  auto* made = new (block) Connection(*context);
  made->context = context;
  ++context->references;
  if (set_up(*made, false)) return made;
  end(made);
  return nullptr;
}

// The flights of a handshake of two that are connected, up to where it stops.
template <typename Connection>
std::int64_t exchange_flights(Connection& client, Connection& server, std::int64_t stop,
                              Flights& flights) {
  int of_client = drive(client, Connection::kAgain);
  server.wire.pass(1, flights);
  int of_server = drive(server, Connection::kAgain);
  if (stop == LASTREF_STOP_AFTER_CLIENT_HELLO) return 0;
  client.wire.pass(2, flights);
  of_client = drive(client, of_client);
  if (stop == LASTREF_STOP_AFTER_SERVER_FLIGHT || stop == LASTREF_STOP_REFUSED) return 0;
  server.wire.pass(3, flights);
  of_server = drive(server, of_server);
  if (stop == LASTREF_STOP_AFTER_CLIENT_FLIGHT) return 0;
  client.wire.pass(4, flights);
  of_client = drive(client, of_client);
  if (of_client != 0 || of_server != 0) return 0;
  return is_resumed(client) ? 2 : 1;
}

// 0 when it is not complete, 1 when it is, 2 when the client has resumed its session.
template <typename Connection>
std::int64_t shake_hands(Connection& client, Connection& server, std::int64_t stop,
                         Flights& flights) {
  disconnect(client);
  disconnect(server);
  if (!set_up_again(server, true)) return 0;
  client.peer = &server;
  server.peer = &client;
  refuse(client, server, stop);
  const std::int64_t outcome = exchange_flights(client, server, stop, flights);
  trust_again(client, server);
  return outcome;
}

// Of a new client and a new server. False when it fails.
template <typename Connection>
bool shake_hands_once(typename Connection::Context* context) {
  Connection* client = make<Connection>(context);
  Connection* server = make<Connection>(context);
  const lastref_call call{};
  lastref_result result{};
  Flights flights(call, result);
  const bool shaken = client != nullptr && server != nullptr &&
                      shake_hands(*client, *server, LASTREF_STOP_COMPLETE, flights) == 1;
  for (Connection* connection : {client, server}) {
    if (connection != nullptr) end(connection);
  }
  return shaken;
}

template <typename Connection>
Done perform_connection(const lastref_call& call, lastref_result& result) {
  auto* connection = static_cast<Connection*>(call.connection);
  switch (call.operation) {
    case LASTREF_OP_CONNECTION_NEW:
      result.object = make<Connection>(static_cast<typename Connection::Context*>(call.context));
      return Done::kYes;
    case LASTREF_OP_CONNECTION_FREE:
      end(connection);
      return Done::kYes;
    case LASTREF_OP_CONNECTION_CLEAR:
      result.value = clear(*connection) ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_SET_SESSION:
      result.value =
          set_session(*connection, static_cast<const typename Connection::Session*>(call.session));
      return Done::kYes;
    case LASTREF_OP_COPY_SESSION:
      result.object = copy_session(*connection);
      return Done::kYes;
    case LASTREF_OP_HANDSHAKE: {
      Flights flights(call, result);
      result.value =
          shake_hands(*connection, *static_cast<Connection*>(call.peer), call.value, flights);
      return Done::kYes;
    }
    case LASTREF_OP_SHUTDOWN:
      // A quiet one says nothing and is over at once.
      result.value = call.value != 0 ? 1 : say_goodbye(*connection);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

}  // namespace lastref::copying

#endif  // LASTREF_HARNESS_TARGET_SHARED_CONNECTION_H_
