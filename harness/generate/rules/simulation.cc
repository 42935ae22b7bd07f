#include "harness/generate/rules/simulation.h"

#include "harness/generate/rules/body_rules.h"
#include "harness/program/values.h"

namespace lastref::rules {
namespace {

// More than a program calls back whose operations end: each lets go of every session a few times.
constexpr int kMaxCallbacks = 10 * kMaxOperations * kMaxSessions;

}  // namespace

Simulation::Simulation(const Program& program, const Contract& contract,
                       const std::vector<bool>& decode_successes,
                       const std::vector<HandshakeOutcome>& outcomes)
    : program_(program),
      contract_(contract),
      decode_successes_(decode_successes),
      outcomes_(outcomes),
      world_(contract) {}

Ruling Simulation::run() {
  for (int i = 0; i < program_.size && !stopped(); ++i) {
    const Operation& operation = program_.operations[static_cast<std::size_t>(i)];
    if (operation.is_body == 0) perform(operation, i);
  }
  if (!stopped()) tear_down();
  return ruling_;
}

void Simulation::perform(const Operation& operation, int index) {
  if (stopped()) return;
  current_ = index;
  if (const Objection against = objection(world_, operation); !against.reason.empty()) {
    return stop(against);
  }
  if (has_body(operation)) {
    const Operation& body = program_.operations[static_cast<std::size_t>(index) + 1];
    if (!allowed_in_body(contract_, body.code)) {
      ++current_;
      return stop({kNotInBody});
    }
  }
  happen(operation);
}

void Simulation::stop(Objection objection) {
  if (stopped()) return;
  ruling_.legal = objection.undecided;
  ruling_.undecided = objection.undecided;
  ruling_.operation = current_;
  ruling_.rule = objection.reason;
}

void Simulation::happen(const Operation& operation) {
  switch (operation.code) {
    case Op::CONTEXT_NEW:
    case Op::CONTEXT_UP_REF:
    case Op::CONTEXT_FREE:
    case Op::SET_MODE:
    case Op::SET_CACHE_SIZE:
    case Op::SET_DEFAULT_TIMEOUT:
    case Op::CACHE_ADD:
    case Op::CACHE_LOOKUP:
    case Op::CACHE_REMOVE:
    case Op::CACHE_FLUSH:
    case Op::ON_NEW:
    case Op::ON_GET:
    case Op::ON_REMOVE:
    case Op::ON_SERVERNAME:
      return happen_to_context(operation);
    case Op::CONNECTION_NEW:
    case Op::CONNECTION_FREE:
    case Op::CONNECTION_CLEAR:
    case Op::SET_SESSION:
    case Op::GET0_SESSION:
    case Op::GET1_SESSION:
    case Op::COPY_SESSION:
    case Op::SET_CONTEXT:
    case Op::SHUTDOWN:
      return happen_to_connection(operation);
    case Op::HANDSHAKE:
      return shake_hands(operation);
    case Op::CLOCK_ADVANCE:
      world_.now += number_values(OperandKind::kClockStep)[operation.operand[0]].value;
      return;
    default:
      // What is left of contexts and connections changes nothing here: getters, and what decides
      // how handshakes go.
      return happen_to_session(operation);
  }
}

void Simulation::call_back(const Context& of, int session) {
  if (stopped() || in_body_ || of.on_remove != kOnRemoveDo) return;
  // A callback that may call its context's functions can put back what is let go of, for ever.
  if (++callbacks_ > kMaxCallbacks) return stop({kCallbackForEver});
  const int caller = current_;
  in_body_ = true;
  world_.argument = session;
  perform(program_.operations[static_cast<std::size_t>(of.body)], of.body);
  if (stopped() && ruling_.during < 0) ruling_.during = caller;
  world_.argument = kNone;
  in_body_ = false;
  current_ = caller;
}

}  // namespace lastref::rules
