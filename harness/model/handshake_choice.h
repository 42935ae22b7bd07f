// What a server makes of a client's hello: which session, if any, it resumes. Decided without
// changing anything, so that a handshake that the contract forbids leaves the state as it was.
//
// Sources: RFC 5246, 7.4.1.2 and 7.4.1.3; RFC 5077, 3.4; RFC 8446, 4.2.11; SSL_set_session(3),
// SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_session_id_context(3), SSL_CTX_set_options(3).
#ifndef LASTREF_HARNESS_MODEL_HANDSHAKE_CHOICE_H_
#define LASTREF_HARNESS_MODEL_HANDSHAKE_CHOICE_H_

#include <cstdint>

#include "harness/model/model.h"
#include "harness/model/state.h"

namespace lastref {

// OpenSSL and BoringSSL give a client two tickets of TLS 1.3 after a full handshake:
// SSL_CTX_set_num_tickets(3).
inline constexpr int kTicketsAfterFull = 2;

struct HandshakeChoice {
  Legality legality = Legality::kLegal;

  // The client's hello.
  std::int32_t version = 0;          // the one that both speak
  std::uint8_t offered = kNobody;    // the session in the hello
  std::uint32_t offered_ticket = 0;  // its ticket, if that is in the hello too
  std::uint32_t hello_id = 0;        // empty, the offered session's, or a symbol for a random one

  // What the server does.
  std::uint8_t switches_to = kNobody;         // the context that its servername callback gives it
  std::uint8_t client_switches_to = kNobody;  // and that the client's does, where that runs
  bool missed = false;                        // an id was looked up in the cache and is not there
  bool asked = false;                         // the get callback runs
  std::uint32_t asked_for = 0;                // the id that it is given
  bool by_id = false;                         // `found` was found by an id
  std::uint8_t found = kNobody;               // in the cache, or by the get callback
  bool from_callback = false;                 // `found` is the get callback's
  int copy = -1;                              // the one of state.copies that an id led to
  int ticket = -1;                            // the one of state.tickets that is opened
  bool denied = false;                        // a ticket was sent in vain that its client counts on
  bool expired = false;                       // what was found is
  bool resumed = false;                       // what was found is resumed
  bool gives_ticket = false;                  // TLS 1.2: the server's last flight carries one

  bool is_tls13() const { return version == kTls13; }
};

// The choice between two connections that are ready. Of the contexts' callbacks, none has a body.
HandshakeChoice choose(const State& state, const Contract& contract, const ConnectionState& client,
                       const ConnectionState& server);

// The choice when the get callback, which may have changed what there is to be found, answers: the
// hello and what was looked up before are as they were.
HandshakeChoice answered_anew(const State& state, const Contract& contract,
                              const ConnectionState& client, const ConnectionState& server,
                              const HandshakeChoice& before);

// Whether what was made at `time` and lives for `timeout` is at its end, or beyond it. A sum beyond
// the type never is, or always.
bool is_over(const Contract& contract, std::int64_t time, std::int64_t timeout, std::int64_t now,
             bool at_its_end);

// The context whose new and get callbacks a connection calls.
std::uint8_t heard_context(const Contract& contract, const ConnectionState& connection);

// What the get callback does with a session of the application that has the id asked for.
bool get_callback_acquires(std::uint8_t on_get);    // it takes a reference before it returns
bool get_callback_hands_over(std::uint8_t on_get);  // it sets *copy to 0

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_HANDSHAKE_CHOICE_H_
