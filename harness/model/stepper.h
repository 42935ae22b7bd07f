// One step of the model, while it is under way. Private to harness/model: the steps are grouped by
// subject, one .cc for each group (session_steps, encoding_steps, cache_steps, connection_steps,
// table_steps, handshake_steps, own_handshake_steps, ticket_steps).
//
// Every step tests all of its rules before it changes anything. The exception is a callback's body,
// whose legality shows only when it runs; see Model::step.
#ifndef LASTREF_HARNESS_MODEL_STEPPER_H_
#define LASTREF_HARNESS_MODEL_STEPPER_H_

#include <span>

#include "harness/model/handshake_choice.h"
#include "harness/model/model.h"

namespace lastref {

class Stepper {
 public:
  Stepper(const Contract& contract, State& state, Expectation& expected, int choice)
      : contract_(contract), state_(state), expected_(expected), choice_(choice) {}

  // Runs one operation and leaves its result in expected.result.
  Legality run(const Operation& operation, const Operation& body);
  // Behind run(), where that is legal: what a callback has left to the end of the call.
  Legality end_contexts();

 private:
  using Number = std::uint8_t;  // of a session

  // Whether a session or a context ends in it, as the contract has it.
  bool frees_an_object(const Operation& operation, const Operation& body) const;

  // session_steps.cc
  Legality session_new(const Operation& operation);
  // As the library makes one that no handshake filled.
  Contents new_contents() const;
  Legality dup(const Operation& operation);
  Legality dup_refused(const Operation& operation);
  Legality up_ref(const Operation& operation);
  Legality keep(const Operation& operation);
  Legality free(const Operation& operation);
  Legality forget(const Operation& operation);
  Legality set(const Operation& operation, Number& number) const;
  Legality set_bytes(const Operation& operation);
  Legality set_number(const Operation& operation);
  Legality get(const Operation& operation);
  // encoding_steps.cc
  Legality i2d(const Operation& operation);
  Legality d2i(const Operation& operation);
  Legality d2i_into(const Operation& operation);
  Legality damage(const Operation& operation);
  Legality give(const Operation& operation);
  // context_steps.cc, cache_steps.cc
  Legality context_life(const Operation& operation);
  Legality context_set(const Operation& operation, const Operation& body);
  Legality context_get(const Operation& operation);
  Legality add(const Operation& operation);
  Legality remove(const Operation& operation);
  Legality flush(const Operation& operation);
  void set_mode(ContextState& context, std::int64_t mode);
  void set_default_timeout(ContextState& context, std::int64_t timeout);
  // table_steps.cc
  Legality add_copy(const Operation& operation, Number added);
  Legality remove_copy(const Operation& operation, Number argument);
  void mark_removed(SessionState& removed) const;
  int copy_of(const Contents& contents) const;  // its place in state_.copies, or -1
  bool can_store(const Contents& contents) const;
  // Whether a session lives whose ex_data is in the table, where a known bug has it.
  bool shares_ex_data() const;
  void store(const Contents& contents);
  bool copies() const { return contract_.is(Switch::CACHE_ADDS, cache_adds::kCopy); }
  // entry_steps.cc
  Legality add_entry(const Operation& operation, Number added);
  Legality lookup(const Operation& operation);
  std::span<CacheEntry> entries(std::uint8_t context);
  bool outdated(std::int64_t timeout, const CacheEntry& entry) const;
  CacheEntry* entry_for(std::uint8_t context, const Contents& added);
  // What an add does once nothing forbids it; handshakes do it too. False when no entry takes it.
  Legality may_store(std::uint8_t context, const Contents& contents);
  bool store(std::uint8_t context, const Contents& contents);
  // The one with that id that has not expired by the timeout; NULL for none.
  const CacheEntry* entry_of(std::uint8_t context, std::uint32_t id, std::int64_t timeout);
  void remove_entry(std::uint8_t context, std::uint32_t id);
  bool has_entries() const { return contract_.is(Switch::CACHE_ADDS, cache_adds::kEntry); }
  // connection_steps.cc
  Legality connection(const Operation& operation);
  Legality connection_new(const Operation& operation);
  Legality has_session_id(const Operation& operation);
  Legality connection_free(std::uint8_t number);
  Legality end_session(const ConnectionState& ended);
  Legality connection_clear(std::uint8_t number);
  bool renews_session(const ConnectionState& cleared) const;
  Legality set_session(const Operation& operation);
  Legality copy_session(ConnectionState& connection, Number wanted);
  Legality get_session(const Operation& operation);
  Legality set_context(const Operation& operation);
  Legality forsake_bad_session(const ConnectionState& connection, Number wanted);
  void use_context(ConnectionState& connection, std::uint8_t wanted) const;
  // Whether the connection's session is bad: it was established and not shut down.
  bool has_bad_session(const ConnectionState& connection) const;
  void hold(ConnectionState& connection, Number wanted);
  void keep_beside(ConnectionState& connection, Number wanted);
  void clear_session(ConnectionState& connection);
  // The connection gets a session of its own.
  void bear_own(ConnectionState& connection);
  // copying_handshake.cc: where a connection copies what nobody sees.
  bool unseen() const { return contract_.is(Switch::SET_SESSION, set_session::kUnseen); }
  Legality offer(const Operation& operation, Number wanted);
  Legality copy_out(const Operation& operation);
  Legality shake_hands_by_copies(const Operation& operation);
  Legality remove_own(const Operation& operation);
  void forsake_entry(const ConnectionState& ended, const Contents& held);
  ConnectionState set_up(const ConnectionState& connection) const;
  Contents made_anew(std::uint32_t id);
  std::uint32_t seal(const ConnectionState& server, const Contents& contents);
  const Contents* opened(const ConnectionState& server, std::uint32_t value) const;
  std::int64_t key_period(std::int64_t timeout) const;
  // copying_tls13_steps.cc
  Legality shake_tls13_by_copies(const Operation& operation);
  static bool is_dummy(const Contents& contents);
  bool mistakes_ticket(const ConnectionState& server, const Contents& offered) const;
  std::uint32_t seal_tls13(const ConnectionState& server, Contents contents);
  // handshake_steps.cc
  Legality handshake(const Operation& operation);
  Legality ready_for_handshake(std::uint8_t client, std::uint8_t server) const;
  std::uint8_t named_context(const ConnectionState& connection) const;
  // The one whose servername callback it is.
  std::uint8_t naming_context(const ConnectionState& connection) const;
  bool ends_with_its_callback(std::uint8_t context, std::uint8_t wanted) const;
  bool changes_unknown_mode(std::uint8_t context, std::uint8_t wanted) const;
  Legality may_switch(const ConnectionState& connection, std::uint8_t wanted) const;
  void switch_context(std::uint8_t number, std::uint8_t wanted);
  std::int64_t shake_hands(std::uint8_t client, std::uint8_t server, HandshakeChoice& choice,
                           std::uint8_t stop);
  Contents negotiated(const ConnectionState& connection, std::int32_t version);
  void make(ConnectionState& connection, const Contents& contents);
  Contents renewed(const ConnectionState& connection, Contents resumed);
  Number bear(const ConnectionState& connection, const Contents& contents);
  void client_hello(ConnectionState& client, const HandshakeChoice& choice);
  void server_flight(std::uint8_t number, HandshakeChoice& choice);
  Number take_found(std::uint8_t number, HandshakeChoice& choice);
  void refuse(const ConnectionState& connection);
  void server_hello(const ConnectionState& server, const HandshakeChoice& choice);
  std::uint32_t issue_tls12(const ConnectionState& server, const HandshakeChoice& choice);
  std::uint32_t issue(const ConnectionState& server, std::uint32_t key, std::uint32_t value);
  void accept(ConnectionState& client, const ConnectionState& server,
              const HandshakeChoice& choice);
  void finish_client(std::uint8_t number, const HandshakeChoice& choice, std::uint32_t ticket);
  void take_ticket(ConnectionState& client, std::uint32_t ticket, bool copies);
  void finish_server(std::uint8_t number, const HandshakeChoice& choice);
  void send_tickets(std::uint8_t number, const HandshakeChoice& choice);
  void read_ticket(std::uint8_t number, int issued);
  void give_ticket(std::uint8_t number, const TicketState& ticket);
  void tell(std::uint8_t number, Number made);
  void keep_for_later(std::uint8_t number, std::int64_t side, bool caches);
  void doubt_unfinished(int first);
  void renumber(int first, Number server, Number client);
  Legality shutdown(const Operation& operation);
  // own_handshake_steps.cc
  bool has_own() const { return contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn); }
  void note_offer(ConnectionState& connection, const Contents& set);
  Legality ready_with_own(const ConnectionState& connection, bool as_client) const;
  Legality may_set_own(const ConnectionState& connection) const;
  Legality may_share(const ConnectionState& server, const HandshakeChoice& choice) const;
  Legality may_make(const ConnectionState& client, const ConnectionState& server,
                    const HandshakeChoice& choice) const;
  Legality may_stop(const HandshakeChoice& choice, std::uint8_t stop) const;
  Legality may_rename(const ConnectionState& client, const ConnectionState& server,
                      const HandshakeChoice& choice) const;
  std::int64_t fill_by_handshake(std::uint8_t client, std::uint8_t server, HandshakeChoice& choice,
                                 std::uint8_t stop);
  void fill_new(std::uint8_t number, const Contents& agreed);
  ConnectionState settings_of(const ConnectionState& connection) const;
  void fill(ConnectionState& connection, const Contents& contents);
  Contents made_of_own(const ConnectionState& connection, std::int32_t version);
  void touch(const ConnectionState& connection);
  // own_ticket_steps.cc
  void refuse_own(ConnectionState& server, const HandshakeChoice& choice);
  void open_ticket(Contents& contents, const HandshakeChoice& choice) const;
  void read_own_hello(std::uint8_t number, HandshakeChoice& choice);
  void use_answer(const ConnectionState& server, Number answer);
  std::int64_t fill_by_tls13(std::uint8_t client, std::uint8_t server,
                             const HandshakeChoice& choice, std::uint8_t stop);
  void give_own_ticket(std::uint8_t number, std::int32_t version);
  void take_own_ticket(std::uint8_t number, std::int32_t version, std::int64_t hint);

  // The session that an operand names: its number in `out`, which may be kNobody only for a kind
  // that takes NULL.
  Legality session_operand(std::uint8_t operand, Number& out) const;
  Legality use(std::uint8_t operand, Number& out) const;  // a live one
  Legality context_operand(std::uint8_t operand) const;
  Legality connection_operand(std::uint8_t operand) const;
  // Whether the handle may be overwritten, by session `next`, without losing the last name of a
  // reference.
  Legality assignable(std::uint8_t handle, Number next = kNobody) const;
  Legality changeable(Number number) const;  // in the place where we are
  bool in_a_cache(Number number) const;
  bool expired(const Contents& contents, std::int64_t at) const;
  // An operand that is a timeout, as the contract's type has it.
  std::int64_t timeout_of(const Operation& operation) const;
  bool named_elsewhere(Number number, int except) const;
  // What the operation's second operand stands for, where that is a number.
  static std::int64_t number_of(const Operation& operation);
  bool one_context() const {
    return contract_.is(Switch::ONE_CONTEXT, lastref::one_context::kRequired);
  }
  // Whether the session may be used with the context.
  bool belongs(const SessionState& used, std::uint8_t context) const {
    return !one_context() || used.home == kNobody || used.home == context;
  }
  bool hazard(Hazard which) const { return contract_.hazards.has(which); }

  SessionState& session(Number number) { return state_.sessions[number]; }
  const SessionState& session(Number number) const { return state_.sessions[number]; }

  // A new session with one reference of the application; emits its birth.
  Number birth(const Contents& contents);
  // Tests for death after a holder let go; emits it.
  void settle(Number number);

  Contents decoded(const Contents& encoded) const;    // what d2i makes of them
  Contents duplicated(const Contents& source) const;  // what a dup has of them

  // Of a cache: `number` is its context's.
  bool same_key(std::uint8_t number, const SessionState& linked, const Contents& wanted) const;
  void link(std::uint8_t number, Number added);
  void unlink(std::uint8_t number, Number removed);  // the reference becomes in flight
  void resort(Number number);
  // What add and remove do once nothing forbids them; handshakes do them too. drop() leaves a
  // session of no id alone that is in no cache.
  Legality cache_add(std::uint8_t number, Number added);
  Legality cache_remove(std::uint8_t number, Number argument);
  Legality drop(std::uint8_t number, Number dropped);
  // The remove callback, with its body, if one is set.
  Legality callback(std::uint8_t number, Number removed);
  // callback_steps.cc. A callback of a handshake does what it does before it answers, if anything;
  // `argument` is the session that it was given. What is not legal there is kept in halfway_.
  void act_inside(Inside callback, std::uint8_t context, Number argument);
  Legality set_inside(const Operation& operation, const Operation& body);
  // The operation in a callback, and the event of its end.
  Legality run_body(const Operation& body, Number argument);
  // Whether that callback may, by a source or by the contract.
  bool may_reenter(Op code) const;
  bool in_callback() const { return in_body_ || in_handshake_; }
  bool may_pass_inside() const;
  void ask_callback(std::uint8_t server, HandshakeChoice& choice);
  void name_anew(std::uint8_t server, HandshakeChoice& choice);
  void choose_anew(std::uint8_t client, std::uint8_t server, HandshakeChoice& choice);
  // Whether sessions leave a cache in an order that nobody can foresee. A callback's body, which
  // may do something else to each, is then for one session at most.
  bool unordered() const { return contract_.is(Switch::FLUSH_ORDER, flush_order::kUnordered); }
  // The same key's session in a cache, or kNobody.
  Number linked_under(std::uint8_t number, const Contents& wanted) const;
  // Before a session is linked: the one that it takes the place of goes, then those beyond the
  // cache's size.
  Legality replace(std::uint8_t number, Number old);
  Legality evict(std::uint8_t number, Number added);
  bool linked_meanwhile(std::uint8_t number, Number added);
  // Callback and release of sessions already unlinked or still to be, as the contract orders them.
  Legality expel_expired(std::uint8_t number, std::int64_t at);
  Legality expel_one(std::uint8_t number, Number expelled);
  Legality context_released(std::uint8_t number);

  const Contract& contract_;
  State& state_;
  Expectation& expected_;
  int choice_;
  Number argument_ = kNobody;      // of the callback whose body runs
  bool in_body_ = false;           // of a remove callback
  std::uint8_t calling_ = 0;       // the context whose remove callback that is
  std::uint8_t ending_ = kNobody;  // the context whose last reference a body has given back
  bool in_handshake_ = false;      // in the body of a callback of a handshake, which is
  Inside inside_ = Inside::kNew;
  // What a handshake's callback broke; the rest of the handshake is then of no account.
  Legality halfway_ = Legality::kLegal;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_STEPPER_H_
