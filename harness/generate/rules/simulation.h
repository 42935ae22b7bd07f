// Runs a program in a world of plain data and stops at the first operation that breaks a rule.
#ifndef LASTREF_HARNESS_GENERATE_RULES_SIMULATION_H_
#define LASTREF_HARNESS_GENERATE_RULES_SIMULATION_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/generate/rules/rule_checker.h"
#include "harness/generate/rules/rules.h"
#include "harness/generate/rules/world.h"
#include "harness/program/program.h"

namespace lastref::rules {

class Simulation {
 public:
  // Borrows all four for as long as it lives.
  Simulation(const Program& program, const Contract& contract,
             const std::vector<bool>& decode_successes,
             const std::vector<HandshakeOutcome>& outcomes);

  // The program, then its teardown. Once.
  Ruling run();

 private:
  // Asks the rules, and if they agree lets the operation happen. `index` names it in the ruling.
  void perform(const Operation& operation, int index);
  void happen(const Operation& operation);
  void stop(Objection objection);
  bool stopped() const { return !ruling_.rule.empty(); }

  // Sessions: simulation_sessions.cc.
  void happen_to_session(const Operation& operation);
  void set(const Operation& operation);
  int birth(const Contents& contents);
  // As the library makes one that no handshake filled.
  Contents new_contents() const;
  void decode(const Operation& operation);
  void decode_into(const Operation& operation);
  bool decodes(const Blob& blob);
  Contents decoded(const Blob& blob) const;
  void move_in_caches(int session);

  // Contexts and their caches: simulation_contexts.cc.
  void happen_to_context(const Operation& operation);
  void new_context(Context& of);
  void set_mode(Context& of, std::int64_t mode) const;
  void add(Context& of, int added);
  void link(Context& of, int session, const Key& under);
  void remove(Context& of, int argument);
  // Where caches take copies, and nothing holds what was added.
  void add_copy(int added);
  void remove_copy(const Context& of, int argument);
  // Where caches hold entries of their own: simulation_entries.cc.
  void set_timeout(Context& of, std::int64_t timeout) const;
  bool outdated(const Context& of, const Entry& entry) const;
  void add_entry(Context& of, int added);
  void lookup(const Context& of, int filled);
  void flush(Context& of, std::int64_t time);
  // The cache loses the session; its reference becomes the running function's.
  void unlink(Context& of, int session);
  void call_back(const Context& of, int session);
  void bury_if_dead(Context& of);

  // Connections: simulation_connections.cc.
  void happen_to_connection(const Operation& operation);
  void hold(Connection& connection, int session);
  void hold_beside(Connection& connection, int session);
  // Whether there was one: it has left the cache.
  bool forsake_bad_session(const Connection& connection);
  void clear(Connection& connection);
  void set_session(Connection& connection, int session);
  void replace_session(Connection& connection, int session);
  void bear_own(Connection& connection);
  void free(Connection& connection);
  Context& context(int index) { return world_.contexts[static_cast<std::size_t>(index)]; }

  // Handshakes: simulation_handshakes.cc.
  void shake_hands(const Operation& operation);
  bool is_possible(const HandshakeOutcome& outcome) const;
  void answer(const HandshakeOutcome::Call& call, std::uint8_t on_get);
  void tell(const HandshakeOutcome::Call& call, std::uint8_t on_new);
  void leave_alone(Connection& connection, const HandshakeOutcome::End& end, std::size_t before);
  void relink(Context& of, const std::vector<int>& now, std::size_t before);

  // The end: simulation_teardown.cc.
  void tear_down();
  void tear_down(TeardownStage stage, std::uint8_t index);

  const Program& program_;
  const Contract& contract_;
  const std::vector<bool>& decode_successes_;
  const std::vector<HandshakeOutcome>& outcomes_;
  World world_;
  Ruling ruling_;
  std::size_t decodes_of_damage_ = 0;
  std::size_t handshakes_ = 0;
  int current_ = 0;       // the operation of the program that is happening
  bool in_body_ = false;  // a callback's body is happening, and no other one will inside it
  int callbacks_ = 0;     // so far
};

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_SIMULATION_H_
