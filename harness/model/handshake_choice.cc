#include "harness/model/handshake_choice.h"

#include <algorithm>

#include "harness/model/symbols.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::int64_t kWeek = 7 * 24 * 60 * 60;

class Chooser {
 public:
  Chooser(const State& state, const Contract& contract, const ConnectionState& client,
          const ConnectionState& server)
      : state_(state),
        contract_(contract),
        client_(client),
        server_(server),
        context_(state.contexts[server.session_context]),
        heard_(state.contexts[heard_context(contract, server)]) {}

  HandshakeChoice choose() {
    choice_.version = std::min(client_.protocol, server_.protocol);
    say_hello();
    if (choice_.legality != Legality::kLegal) return choice_;
    if (contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn)) {
      find_own();
    } else if (choice_.is_tls13()) {
      find_psk();
    } else {
      find_tls12();
    }
    if (choice_.legality == Legality::kLegal) test_found();
    if (choice_.legality == Legality::kLegal) test_narrowed();
    return choice_;
  }

  HandshakeChoice answer(const HandshakeChoice& before) {
    choice_ = before;
    acted_ = true;
    choice_.found = kNobody;
    choice_.from_callback = choice_.expired = choice_.resumed = false;
    ask(choice_.asked_for);
    // A table of the process is looked at when the callback has nothing, and only then.
    if (choice_.from_callback) choice_.copy = -1;
    if (choice_.legality == Legality::kLegal) test_found();
    if (choice_.legality == Legality::kLegal) test_narrowed();
    return choice_;
  }

 private:
  const Contents& contents(std::uint8_t number) const { return state_.sessions[number].contents; }

  void say_hello() {
    // A client of TLS 1.3 sends a random id, for the sake of middleboxes, if it has none to offer.
    choice_.hello_id = client_.protocol == kTls13 ? kUnknownId : empty_fingerprint();
    if (contract_.is(Switch::HELLO_TESTS, hello_tests::kWhenSet)) return say_what_was_set();
    const std::uint8_t held = client_.session;
    if (held == kNobody) return;
    const Contents& offer = contents(held);
    if (!resumable(offer) || offer.version > client_.protocol) return;
    if (offer.negotiated != 0 && !serves(offer, 0)) return;
    if (contract_.is(Switch::HELLO_TESTS, hello_tests::kLifetime) && is_expired(offer)) return;
    // What a library makes of a session that no handshake made is beyond what the model knows.
    // Nor do clients agree on what they do with one of another id context than theirs.
    if (offer.negotiated == 0 || offer.unknown != 0 || offer.id_context != client_.id_context) {
      choice_.legality = Legality::kTooMany;
      return;
    }
    choice_.offered = held;
    if (offer.version == kTls13) {
      const bool tests_age = contract_.is(Switch::HELLO_TESTS, hello_tests::kTicketAge);
      if (!tests_age || !is_too_old(offer)) choice_.offered_ticket = offer.ticket;
      return;
    }
    const bool random = contract_.is(Switch::TICKET_HELLO_ID, ticket_hello_id::kRandom);
    choice_.hello_id = random && offer.ticket != 0 ? kUnknownId : offer.id;
    if (client_.tickets == kTicketsOn) choice_.offered_ticket = offer.ticket;
  }

  // What a connection that was set up to offer a session does as a server is beyond what the model
  // knows, and so is what servers make of the id of a session that a client of TLS 1.3 has and does
  // not offer.
  void say_what_was_set() {
    choice_.hello_id = empty_fingerprint();
    const Contents& held = contents(client_.session);
    const bool offers = client_.offer == Offer::kSession;
    const bool says_id = offers || client_.protocol == kTls13;
    if (client_.offer == Offer::kUnknown || server_.offer != Offer::kNone ||
        (!offers && says_id && held.id != empty_fingerprint())) {
      choice_.legality = Legality::kTooMany;
    }
    if (!offers || (held.id == empty_fingerprint() && held.ticket == 0)) return;
    if (held.negotiated == 0 || held.unknown != 0) choice_.legality = Legality::kTooMany;
    choice_.offered = client_.session;
    choice_.offered_ticket = held.ticket;
    // RFC 5077, 3.4: whoever sends a ticket need not send an id.
    if (client_.protocol == kTls13 || held.ticket == 0) choice_.hello_id = held.id;
  }

  // Of a client whose session is its own, with a ticket in it or without.
  void find_own() {
    const Contents& held = contents(client_.session);
    // RFC 8446, 4.6.1: "Servers MUST NOT use any value greater than 604800 seconds"; what becomes
    // of a connection whose server does the model does not know.
    if (choice_.is_tls13() && context_.ticket_hint > kWeek) choice_.legality = Legality::kTooMany;
    if (choice_.offered_ticket != 0) {
      // A server's own session has the ticket, but not the moment at which a client would get it.
      // What a server makes of a ticket of a newer protocol than it speaks, nobody says.
      if ((choice_.is_tls13() && held.of_server != 0) || client_.protocol != choice_.version) {
        choice_.legality = Legality::kTooMany;
      }
      open_own(issued(choice_.offered_ticket));
    } else if (!choice_.is_tls13()) {
      // It asks as its context was told last.
      const bool asks = state_.contexts[client_.session_context].tickets == kTicketsOn;
      choice_.gives_ticket = asks && server_.tickets != kTicketsOff;
      // What a client makes of a session without an id of an older protocol than it speaks, the
      // model does not know.
      if (client_.protocol == kTls13 && (choice_.gives_ticket || server_.cache_off != 0)) {
        choice_.legality = Legality::kTooMany;
      }
      if (!choice_.gives_ticket && choice_.hello_id != empty_fingerprint()) {
        look_up(choice_.hello_id);
      }
    }
  }

  // A client that could speak a newer protocol than its session's, and is to make a new one, takes
  // a server that could, too, for one under attack.
  void test_narrowed() {
    if (client_.narrowed != 0 && server_.protocol == kTls13 && !choice_.resumed) {
      choice_.legality = Legality::kTooMany;
    }
  }

  // What is sealed in the ticket, and what the server's cache has under the id in it.
  void open_own(int row) {
    choice_.denied = !choice_.is_tls13() && contract_.hazards.has(Hazard::STALE_TICKET_ENDS);
    if (row < 0 || (!choice_.is_tls13() && server_.tickets == kTicketsOff)) return;
    const TicketState& ticket = state_.tickets[static_cast<std::size_t>(row)];
    if (ticket.key != context_.ticket_key) return;
    choice_.ticket = row;
    choice_.gives_ticket = !choice_.is_tls13();
    if (choice_.is_tls13()) look_up_own(ticket.contents);
    const std::int64_t age = state_.now - ticket.contents.time;
    choice_.expired = choice_.is_tls13() ? age > std::min(server_.timeout, kWeek)
                                         : is_over(contract_, ticket.contents.time, server_.timeout,
                                                   state_.now, false);
    choice_.resumed = !choice_.expired;
    if (choice_.resumed) choice_.denied = false;
  }

  // Whether a server, or a client, resumes what that side made.
  bool serves(const Contents& session, std::uint8_t server) const {
    return contract_.is(Switch::SESSION_SIDE, session_side::kEither) || session.of_server == server;
  }

  bool is_expired(const Contents& session) const {
    const std::int64_t now = moment(state_.now, contract_);
    if (contract_.is(Switch::EXPIRES, expires::kAtItsEnd)) {
      if (now < moment(session.time, contract_)) return true;
      return session.timeout <= state_.now - session.time;
    }
    const std::optional<std::int64_t> end = expiry(session, contract_);
    return end && *end < now;
  }

  // RFC 8446, 4.6.1: a client does not use a ticket that is older than its lifetime, which is at
  // most a week. Engines count an age of a second as none, for it may be a moment.
  bool is_too_old(const Contents& offer) const {
    const int row = issued(offer.ticket);
    if (row < 0) return true;
    const std::int64_t timeout = state_.tickets[static_cast<std::size_t>(row)].contents.timeout;
    const auto lifetime = static_cast<std::uint32_t>(std::min(timeout, kWeek));
    auto age = static_cast<std::uint32_t>(state_.now - offer.time);
    if (age > 0) --age;
    return lifetime < age;
  }

  int issued(std::uint32_t ticket) const {
    for (int row = 0; row < state_.issued; ++row) {
      if (state_.tickets[static_cast<std::size_t>(row)].value == ticket) return row;
    }
    return -1;
  }

  void find_psk() {
    if (choice_.offered_ticket == 0 || contents(choice_.offered).version != kTls13) return;
    const int row = issued(choice_.offered_ticket);
    const TicketState& ticket = state_.tickets[static_cast<std::size_t>(row)];
    if (server_.tickets != 0) {
      if (ticket.key == context_.ticket_key) choice_.ticket = row;
    } else if (ticket.key == 0) {
      look_up(choice_.offered_ticket);
    }
  }

  void find_tls12() {
    const bool server_takes = server_.tickets != kTicketsOff && client_.tickets == kTicketsOn;
    choice_.gives_ticket = server_takes;
    const bool offers_tls12 =
        choice_.offered != kNobody && contents(choice_.offered).version != kTls13;
    if (server_takes && offers_tls12 && choice_.offered_ticket != 0) {
      const int row = issued(choice_.offered_ticket);
      if (row >= 0 && state_.tickets[static_cast<std::size_t>(row)].key == context_.ticket_key) {
        choice_.ticket = row;
      }
      return;
    }
    if (choice_.hello_id != empty_fingerprint()) look_up(choice_.hello_id);
  }

  // By id: in the cache, then by the get callback. SSL_CTX_set_session_cache_mode(3),
  // SSL_CTX_sess_set_get_cb(3).
  void look_up(std::uint32_t id) {
    choice_.by_id = true;
    if (contract_.is(Switch::CACHE_ADDS, cache_adds::kCopy)) {
      Contents wanted;
      wanted.id = id;
      return look_up_own(wanted);
    }
    if ((context_.mode & kModeNoInternalLookup) == 0) {
      choice_.found = cached(id);
      choice_.missed = choice_.found == kNobody;
    }
    if (choice_.found != kNobody || heard_.on_get == kOnGetOff) return;
    ask(id);
  }

  // The get callback runs.
  void ask(std::uint32_t id) {
    choice_.asked = true;
    choice_.asked_for = id;
    // What it answers shows when it has done what it does first.
    if (heard_.acts(Inside::kGet) && !acted_) return;
    if (get_callback_has_nothing(heard_.on_get)) return;
    for (const std::uint8_t number : state_.handles) {
      if (!state_.is_live(number) || contents(number).id != id) continue;
      choice_.found = number;
      choice_.from_callback = true;
      test_answer(state_.sessions[number]);
      return;
    }
  }

  // The same where a table of the process has the sessions. Nobody has one with an alias for its
  // id.
  void look_up_own(const Contents& wanted) {
    const bool asks = heard_.on_get != kOnGetOff;
    const bool asks_first = contract_.hazards.has(Hazard::GET_CALLBACK_FIRST);
    const std::uint32_t id = wanted.alias != 0 ? kUnknownId : wanted.id;
    if (asks && asks_first && server_.cache_off == 0) ask(id);
    if (!choice_.from_callback) look_up_copy(wanted);
    if (asks && !asks_first && choice_.copy < 0) ask(id);
  }

  // In the table of the process. A place of it is taken again only when so many were stored since,
  // and which one then is beyond what the model knows; as is which of two sides' copies is found.
  void look_up_copy(const Contents& wanted) {
    if (server_.cache_off != 0 || (context_.mode & kModeNoInternalLookup) != 0) return;
    for (int i = 0; i < state_.copied; ++i) {
      const CopyState& copy = state_.copies[static_cast<std::size_t>(i)];
      if (!same_place(copy, wanted)) continue;
      if (choice_.copy >= 0 || state_.stored - copy.place >= kStoredBehind) {
        choice_.legality = Legality::kTooMany;
      }
      choice_.copy = i;
    }
    if (choice_.copy < 0) return;
    const Contents& found = state_.copies[static_cast<std::size_t>(choice_.copy)].contents;
    if (is_over(contract_, found.time, found.timeout, state_.now, true)) choice_.copy = -1;
  }

  std::uint8_t cached(std::uint32_t id) const {
    for (int i = 0; i < context_.count; ++i) {
      const std::uint8_t number = context_.order[static_cast<std::size_t>(i)];
      const SessionState& linked = state_.sessions[number];
      const std::uint8_t context = server_.session_context;
      if (linked.key_id[context] == id && (contract_.is(Switch::CACHE_KEY, cache_key::kId) ||
                                           linked.key_version[context] == choice_.version)) {
        return number;
      }
    }
    return kNobody;
  }

  void test_answer(const SessionState& answer) {
    const bool says_whose = heard_.on_get != kOnGetBorrowed && heard_.on_get != kOnGetOwned;
    if (!says_whose && contract_.hazards.has(Hazard::GET_CALLBACK_FREES)) {
      choice_.legality = Legality::kHazard;
    }
    const bool has_one = answer.application > 0 || get_callback_acquires(heard_.on_get);
    if (get_callback_hands_over(heard_.on_get) && !has_one) {
      choice_.legality = Legality::kBorrowedFree;
    }
    const std::uint8_t context = server_.session_context;
    if (contract_.is(Switch::ONE_CONTEXT, one_context::kRequired) && answer.home != kNobody &&
        answer.home != context) {
      choice_.legality = Legality::kTwoContexts;
    }
    // A server lets go of the session that it had before; when, no manual says.
    if (&answer == held_by_server() && answer.holders() == 1) choice_.legality = Legality::kTooMany;
    if ((answer.caches & ~(1U << context)) != 0) choice_.legality = Legality::kTooMany;
  }

  const SessionState* held_by_server() const {
    return server_.session == kNobody ? nullptr : &state_.sessions[server_.session];
  }

  void test_copy() {
    const Contents& found = choice_.from_callback
                                ? contents(choice_.found)
                                : state_.copies[static_cast<std::size_t>(choice_.copy)].contents;
    // What becomes of an answer that is of another protocol, or the server's own session, the model
    // does not know.
    if (choice_.from_callback &&
        (found.version != choice_.version || choice_.found == server_.session)) {
      choice_.legality = Legality::kTooMany;
      return;
    }
    if (found.negotiated == 0 || found.unknown != 0 ||
        found.master_key != contents(choice_.offered).master_key) {
      choice_.legality = Legality::kTooMany;
      return;
    }
    if (found.id_context != server_.id_context) return;
    choice_.resumed = !contract_.is(Switch::RESUMPTION_AGE, resumption_age::kAlsoOfConnection) ||
                      !is_over(contract_, found.time, server_.timeout, state_.now, false);
  }

  void test_found() {
    if (contract_.is(Switch::FRESH_SESSION, fresh_session::kOwn) && choice_.ticket >= 0) return;
    if (contract_.is(Switch::CACHE_ADDS, cache_adds::kCopy)) {
      if (choice_.copy >= 0 || choice_.from_callback) test_copy();
      return;
    }
    if (choice_.found == kNobody && choice_.ticket < 0) return;
    const Contents& found = choice_.ticket < 0
                                ? contents(choice_.found)
                                : state_.tickets[static_cast<std::size_t>(choice_.ticket)].contents;
    if (contract_.is(Switch::EXPIRY_TESTED, expiry_tested::kFirst)) {
      choice_.expired = is_expired(found);
      if (choice_.expired) return;
    }
    if (choice_.ticket < 0) {
      const bool same = found.master_key == contents(choice_.offered).master_key;
      if (found.negotiated == 0 || found.unknown != 0 || (!choice_.is_tls13() && !same)) {
        choice_.legality = Legality::kTooMany;
        return;
      }
      if (found.marked != 0) {
        if (!choice_.from_callback && contract_.hazards.has(Hazard::MARKED_RESUMES)) {
          choice_.legality = Legality::kHazard;
        }
        return;
      }
    }
    if (found.version != choice_.version || found.id_context != server_.id_context) return;
    if (!serves(found, 1)) return;
    choice_.expired = !renewed() && is_expired(found);
    choice_.resumed = !choice_.expired;
  }

  // Whether the get callback's answer is put into the cache, which makes it new.
  bool renewed() const {
    return choice_.from_callback && (context_.mode & kModeNoInternalStore) == 0 &&
           (context_.mode & kModeUpdateTime) != 0 &&
           contract_.is(Switch::UPDATE_TIME_ON_ADD, yes_no::kYes);
  }

  // Stands for an id that no session has.
  static constexpr std::uint32_t kUnknownId = 0;

  const State& state_;
  const Contract& contract_;
  const ConnectionState& client_;
  const ConnectionState& server_;
  const ContextState& context_;
  const ContextState& heard_;  // whose callbacks the server calls
  HandshakeChoice choice_;
  bool acted_ = false;
};

}  // namespace

HandshakeChoice choose(const State& state, const Contract& contract, const ConnectionState& client,
                       const ConnectionState& server) {
  return Chooser(state, contract, client, server).choose();
}

HandshakeChoice answered_anew(const State& state, const Contract& contract,
                              const ConnectionState& client, const ConnectionState& server,
                              const HandshakeChoice& before) {
  return Chooser(state, contract, client, server).answer(before);
}

}  // namespace lastref
