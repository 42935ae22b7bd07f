// What callbacks of handshakes do and answer, and operations inside of callbacks. Sources:
// SSL_CTX_sess_set_get_cb(3), SSL_CTX_set_tlsext_servername_callback(3); which operations are
// allowed there, and by which sentence, stands in reentry.def.

#include "harness/model/handshake_choice.h"
#include "harness/model/stepper.h"
#include "harness/program/reentry.h"

namespace lastref {
namespace {

bool is_encoding(Op code) {
  return code == Op::I2D || code == Op::I2D_ALLOCATE || code == Op::I2D_LENGTH;
}

}  // namespace

Legality Stepper::set_inside(const Operation& operation, const Operation& body) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality l = context_operand(number); l != Legality::kLegal) return l;
  ContextState& context = state_.contexts[number];
  const auto callback = static_cast<std::size_t>(callback_of(operation.code));
  const auto bit = static_cast<std::uint8_t>(1U << callback);
  const bool acts = has_body(operation);
  context.acting = static_cast<std::uint8_t>(acts ? context.acting | bit : context.acting & ~bit);
  context.inside[callback] = acts ? body : Operation{};
  expected_.result = 0;
  return Legality::kLegal;
}

Legality Stepper::run_body(const Operation& body, Number argument) {
  const std::int64_t outer_result = expected_.result;
  const bool outer_any = expected_.any_result;
  expected_.any_result = false;
  argument_ = argument;
  const Legality legality = run(body, Operation{});
  argument_ = kNobody;
  if (legality != Legality::kLegal) return legality;
  // A result that only the target knows cannot be told from a wrong one, and is for the length of
  // an encoding alone, or for what a handshake under way leaves open, not a reason to stay away.
  const bool open = in_handshake_ || is_encoding(body.code);
  if (expected_.choices > 1 || (expected_.any_result && !open)) return Legality::kInsideCallback;
  Event end{EventKind::kNestedEnd, 0, 0, expected_.result};
  if (expected_.any_result) {
    end.value = kAnyValue;
    expected_.any_nested = true;
  } else if (row(body.code).result == Result::SESSION || body.code == Op::D2I_INTO) {
    end = nested_session(expected_.result);
  }
  expected_.events.add(end);
  expected_.result = outer_result;
  expected_.any_result = outer_any;
  return Legality::kLegal;
}

bool Stepper::may_reenter(Op code) const {
  if (is_local(code) || contract_.is(Switch::CALLBACK_CALLS, callback_calls::kAny)) return true;
  return reentry_of(static_cast<Callback>(inside_), code).verdict == Reentry::ALLOWED;
}

void Stepper::act_inside(Inside callback, std::uint8_t context, Number argument) {
  if (halfway_ != Legality::kLegal || !state_.contexts[context].acts(callback)) return;
  const Operation body = state_.contexts[context].inside[static_cast<std::size_t>(callback)];
  in_handshake_ = true;
  inside_ = callback;
  halfway_ = run_body(body, argument);
  in_handshake_ = false;
}

// The get callback runs. What it does before it answers may be what it then answers with.
void Stepper::ask_callback(std::uint8_t server, HandshakeChoice& choice) {
  const ConnectionState& asking = state_.connections[server];
  const int place = expected_.events.size();
  expected_.events.add({EventKind::kGetCallback, kNobody, server, 1});
  const std::uint8_t heard = heard_context(contract_, asking);
  if (state_.contexts[heard].acts(Inside::kGet)) {
    // It says what it was set up to say when it was called.
    const std::uint8_t on_get = state_.contexts[heard].on_get;
    const std::uint8_t stored = state_.stored;
    act_inside(Inside::kGet, heard, kNobody);
    if (halfway_ != Legality::kLegal) return;
    if (state_.contexts[heard].on_get != on_get || state_.stored != stored) {
      halfway_ = Legality::kTooMany;
      return;
    }
    const HandshakeChoice before = choice;
    const auto client = static_cast<std::size_t>(1 - server);
    choice = answered_anew(state_, contract_, state_.connections[client], asking, before);
    halfway_ = choice.legality;
    if (halfway_ == Legality::kLegal) {
      halfway_ = may_make(state_.connections[client], asking, choice);
    }
  }
  if (choice.from_callback) expected_.events[place].session = choice.found;
}

// Of a get callback that may have set a servername callback.
void Stepper::name_anew(std::uint8_t server, HandshakeChoice& choice) {
  const ConnectionState& named = state_.connections[server];
  const ContextState& heard = state_.contexts[heard_context(contract_, named)];
  if (!choice.asked || !heard.acts(Inside::kGet)) return;
  choice.switches_to = named_context(named);
  if (halfway_ == Legality::kLegal) halfway_ = may_switch(named, choice.switches_to);
}

// A servername callback has done something before the server looks for a session. What the client
// has said stays.
void Stepper::choose_anew(std::uint8_t client, std::uint8_t server, HandshakeChoice& choice) {
  const HandshakeChoice before = choice;
  choice = choose(state_, contract_, state_.connections[client], state_.connections[server]);
  choice.switches_to = before.switches_to;
  choice.client_switches_to = before.client_switches_to;
  if (choice.legality != Legality::kLegal) {
    halfway_ = choice.legality;
  } else if (choice.version != before.version || choice.offered != before.offered ||
             choice.offered_ticket != before.offered_ticket || choice.hello_id != before.hello_id) {
    halfway_ = Legality::kTooMany;
  }
}

// The context that a servername callback switches the connection to: that of the context in use, or
// else of the one that it was made from. kNobody where neither has one.
std::uint8_t Stepper::named_context(const ConnectionState& connection) const {
  return state_.contexts[naming_context(connection)].on_servername;
}

std::uint8_t Stepper::naming_context(const ConnectionState& connection) const {
  const bool of_current = state_.contexts[connection.context].on_servername != kNobody;
  return of_current ? connection.context : connection.session_context;
}

// A bound of the model: no context ends while its own callback runs. Both ends may leave it.
bool Stepper::ends_with_its_callback(std::uint8_t context, std::uint8_t wanted) const {
  const ContextState& old = state_.contexts[context];
  return wanted != context && old.application == 0 && old.connections <= 2;
}

// Another: where a server calls the callbacks of the context in use (SWITCHED_CALLBACKS), no source
// says by whose cache mode it then looks for a session and stores it, so that both have the same.
bool Stepper::changes_unknown_mode(std::uint8_t context, std::uint8_t wanted) const {
  return contract_.is(Switch::SWITCHED_CALLBACKS, switched_callbacks::kContextInUse) &&
         state_.contexts[wanted].mode != state_.contexts[context].mode;
}

Legality Stepper::may_switch(const ConnectionState& connection, std::uint8_t wanted) const {
  if (wanted == kNobody) return Legality::kLegal;
  if (wanted == kGone) return Legality::kDeadContext;
  const bool beyond = ends_with_its_callback(connection.context, wanted) ||
                      changes_unknown_mode(connection.context, wanted);
  return beyond ? Legality::kTooMany : Legality::kLegal;
}

// The servername callback runs.
void Stepper::switch_context(std::uint8_t number, std::uint8_t wanted) {
  if (wanted == kNobody) return;
  ConnectionState& connection = state_.connections[number];
  expected_.events.add({EventKind::kServername, kNobody, number, wanted});
  if (const std::uint8_t of = naming_context(connection);
      state_.contexts[of].acts(Inside::kServername)) {
    act_inside(Inside::kServername, of, kNobody);
    // It may have freed the context that it is to switch to.
    if (halfway_ == Legality::kLegal && !state_.contexts[wanted].alive()) {
      halfway_ = Legality::kDeadContext;
    }
    if (halfway_ == Legality::kLegal) halfway_ = may_switch(connection, wanted);
    if (halfway_ != Legality::kLegal) return;
  }
  --state_.contexts[connection.context].connections;
  ++state_.contexts[wanted].connections;
  use_context(connection, wanted);
}

std::uint8_t heard_context(const Contract& contract, const ConnectionState& connection) {
  const bool in_use = contract.is(Switch::SWITCHED_CALLBACKS, switched_callbacks::kContextInUse);
  return in_use ? connection.context : connection.session_context;
}

bool get_callback_acquires(std::uint8_t on_get) {
  return on_get == kOnGetOwned || on_get == kOnGetOwnedCopy0 || on_get == kOnGetOwnedCopy1;
}

bool get_callback_hands_over(std::uint8_t on_get) {
  return on_get == kOnGetBorrowedCopy0 || on_get == kOnGetOwnedCopy0 || on_get == kOnGetNoneCopy0;
}

}  // namespace lastref
