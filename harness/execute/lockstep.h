// A program and the model, side by side on a target, one operation at a time.
//
// The model steps first: it says whether the contract allows the operation, and what must be seen.
// Only then the target is called, and what the witness wrote down is compared. One process has one
// Lockstep: the target's callbacks and the heap's observer report to it.
#ifndef LASTREF_HARNESS_EXECUTE_LOCKSTEP_H_
#define LASTREF_HARNESS_EXECUTE_LOCKSTEP_H_

#include <lastref/target_abi.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "harness/execute/content_check.h"
#include "harness/execute/holdings.h"
#include "harness/execute/memory_fault.h"
#include "harness/execute/performer.h"
#include "harness/execute/symptom.h"
#include "harness/execute/witness.h"
#include "harness/model/model.h"

namespace lastref {

class Probe;

// How closely a program is watched.
struct Watch {
  // Contexts are reset and reused. Off on replay.
  bool reuse_contexts = false;
  // After every operation, the encoded bytes of sessions that are shared are compared with what
  // they were. Costs a microsecond a session: on replay, and for every kEncodingSample-th program.
  bool encodings = false;
  // After every operation, destroyed sessions are looked at for writes. Else at the program's end.
  bool quarantine = false;
  // A program that failed is torn down all the same, to see what follows. That may take as long as
  // a hang takes to be told.
  bool consequences = false;
  // How blocks are watched that the program makes.
  MemoryTier memory = MemoryTier::kQuarantine;
};

// What an operation asks for that a fault can refuse or damage.
struct Requests {
  std::int32_t operation = 0;                            // its index
  std::array<std::int32_t, kCountedFaults> counts{};     // by FaultKind
  std::array<std::uint32_t, LASTREF_FLIGHTS> flights{};  // their bytes
};

class Lockstep {
 public:
  // The target is started with host() and outlives this.
  Lockstep(const lastref_target& target, const Contract& contract);
  ~Lockstep();
  Lockstep(const Lockstep&) = delete;
  Lockstep& operator=(const Lockstep&) = delete;

  // Makes `count` contexts for reuse. Once, when the process is warm.
  void warm(int count);

  void begin_program(const Watch& watch);

  // The bytes that the program brings along, which must outlive it. After begin_program().
  void set_given(std::span<const std::uint8_t> bytes) { performer_.set_given(bytes); }
  // Puts bytes into a blob that no session was encoded to, as a file or a peer might give them:
  // whether they decode, and to what, is the target's choice. Nothing where a hazard keeps them
  // away from it. After begin_program().
  void give_blob(std::uint8_t blob, std::span<const std::uint8_t> bytes);
  // What a blob held last, also when the program is over.
  std::span<const std::uint8_t> blob(std::uint8_t blob) const {
    return performer_.blob(blob).bytes;
  }

  // Steps the model, and if the operation is legal also the target. What differs is in symptoms().
  // After an operation that is not legal nothing has happened.
  Legality step(const Operation& operation, const Operation& body);

  // Whether an allocation has failed in the program so far. Later operations may then lack what
  // they need and are not legal: they are to be left out.
  bool struck() const { return struck_; }
  // Whether the model still knows the state. Not so when a failed operation stopped half-way where
  // the contract allows it: then the program is to end, and its teardown tests that references
  // balance and that nothing is left.
  bool sure() const { return sure_; }
  // Counts operations that are left out, so that indices are the program's.
  void skip_to(int operation) { operation_ = operation; }

  // Runs an operation that the contract forbids, or one behind such: the model follows as far as it
  // can, and of what is seen only damage counts.
  void step_unjudged(const Operation& operation, const Operation& body);

  // Counts an operation that is the body of the one before, so that indices are the program's.
  void skip_body() { ++operation_; }

  // Lets go of everything in the order asked for and checks that all is gone. A program that showed
  // a symptom, or that is unjudged, is torn down for its consequences only.
  void finish(Teardown teardown);

  const State& state() const { return state_; }
  const Symptoms& symptoms() const { return symptoms_; }
  bool failed() const { return !symptoms_.empty(); }
  // The first fault of the program that the allocator saw.
  const MemoryFault& memory_fault() const { return memory_fault_; }
  // Operations carried out, those of the teardown included.
  int operations() const { return operation_; }
  // Called with the operation before the target is; for progress and journals. May be empty.
  std::function<void(int index, const Operation&)> on_operation;

  // Called after an operation with what it asked for. When it is set, no fault strikes. May be
  // empty.
  std::function<void(const Requests&)> on_requests;

  // Called when a program shows its first symptoms, in its operations or its teardown, before
  // anything that follows can end the process. May be empty.
  std::function<void(const Symptoms&)> on_failed;

  // Where to write down what is seen of operations that a fault is made for, the last of them;
  // NULL for nowhere. It outlives this, or the next call.
  void tell_struck(StruckOperation* struck) { struck_operation_ = struck; }

  // What an adapter gets from us.
  static const lastref_host& host();
  // Who hears of births and deaths while there is no Lockstep; NULL for nobody.
  static void set_probe(Probe* probe);

 private:
  bool may_be_decoded(std::span<const std::uint8_t> bytes) const;
  Legality step_with_copy(const Operation& operation, const Operation& body);
  void choose_ending(const Operation& operation, const Operation& body, const State& before,
                     std::int64_t result);
  void perform_and_compare(const Operation& operation, const Operation& body, const State* before);
  void compare_ending(const Operation& operation, const Operation& body, const State* before,
                      std::int64_t result, int born_before);
  std::int64_t perform(const Operation& operation, const Operation& body);
  // faults.cc
  Legality step_with_fault(const Operation& operation, const Operation& body);
  void count_requests(const Operation& operation, const Operation& body, const State& before);
  std::int64_t perform_struck(const Operation& operation, const Operation& body);
  void judge_struck(const Operation& operation, const Operation& body, const State& before,
                    std::int64_t result);
  bool take_success(const Operation& operation, const Operation& body, const State& before,
                    std::int64_t result);
  bool take_failure(const Operation& operation, const State& before, std::int64_t result);
  bool failure_is_whole(const Operation& operation, const State& before);
  bool settle_doubt(std::uint8_t session);
  bool contexts_agree() const;
  std::int64_t perform_failing(const Operation& operation, const Operation& body);
  bool nothing_failed() const;
  void tell_holders(const State& before);
  // damaged_flights.cc
  // `lacking`: something was refused before, of which the ends of the handshake may be short.
  void judge_damaged(const Operation& operation, const State& before, std::int64_t result,
                     bool lacking);
  void compare_damaged(const Operation& operation, const State& before, std::int64_t result,
                       bool lacking);
  void compare_strangers(const Operation& operation, const State& before);
  // lost_track.cc
  void lose_track(const Operation& operation);
  void report_losses(const Operation& operation);
  void let_go(Teardown teardown);
  void let_go_of(const Operation& operation);
  void remove_callback(void* context, void* session);
  void run_body(const Operation& body, void* argument);
  bool give(std::uint8_t session, std::uint8_t mode);
  // struck_bodies.cc
  bool ran_body() const;
  void hear_answer(const Operation& operation, std::uint8_t lent, std::int64_t result);
  void judge_body(const Operation& body, std::uint8_t lent, std::int64_t result, int born);
  void report_body(const Operation& operation);
  void act_inside(Inside callback, std::uint8_t context, void* argument);
  void new_callback(void* connection, void* session, lastref_reply& reply);
  void get_callback(void* connection, const std::uint8_t* id, std::size_t length,
                    lastref_reply& reply);
  void servername_callback(void* context, void* connection, lastref_reply& reply);
  void settle_handshake(const Operation& operation);
  void resolve_symbols(int first);
  // judge.cc
  void compare(const Operation& operation, std::int64_t result);
  void compare_events(const Operation& operation);
  void compare_result(const Operation& operation, std::int64_t result);
  void compare_sessions(const Operation& operation);
  void explain_session(const Operation& operation, std::uint8_t number,
                       const lastref_session_view& view);
  void compare_contexts(const Operation& operation);
  void explain_context(const Operation& operation, std::uint8_t number,
                       const lastref_context_view& view);
  void compare_input(const Operation& operation, std::int64_t result);
  void compare_encodings(const Operation& operation, std::int64_t result);
  void collect_faults(const Operation& operation);
  void adopt(std::uint8_t number);
  void begin_operation(const Operation& operation);
  void report(Discrepancy what, const Operation& operation, std::uint8_t subject,
              std::int64_t expected, std::int64_t found);
  void report_left_over(const Operation& operation);
  bool may_retire(const Operation& operation) const;
  bool nothing_left() const;
  Operation at_the_end(const std::optional<Operation>& torn_down);
  void end_program(const Operation& last);

  const lastref_target& target_;
  Model model_;
  Witness witness_;
  Performer performer_;
  ContentCheck check_;
  Watch watch_;
  State state_;
  State before_;  // the operation that runs, if it may end in several ways or run a body
  Expectation expected_;
  Symptoms symptoms_;
  MemoryFault memory_fault_;
  int operation_ = 0;
  bool judged_ = true;
  bool in_callback_ = false;
  bool struck_ = false;
  StruckOperation* struck_operation_ = nullptr;
  std::size_t losable_blocks_ = 0;  // that known bugs may have lost
  // The contexts that an operation with a failed allocation may have reached, a bit each.
  std::uint32_t harmed_contexts_ = 0;
  bool sure_ = true;
  // Of a fault that counts requests, what was left of its number behind the operation.
  std::uint64_t fails_left_ = 0;
  // Of the operation with a fault that runs or ran last: the fault, what the application holds, and
  // the answer of the first body that was wrong.
  Fault fault_{};
  Holdings holdings_;
  struct WrongAnswer {
    bool given = false;
    std::int64_t expected = 0;
    std::int64_t found = 0;
  };
  WrongAnswer wrong_body_;
  std::size_t blocks_at_start_ = 0;

  // What a shared session encoded to, and of which contents; see Watch::encodings.
  struct Encoding {
    Contents contents;
    std::uint32_t digest = 0;  // 0: none yet
  };
  std::array<Encoding, kMaxSessions> encodings_{};
  std::array<IdDigest, kMaxSessions> id_digests_{};

  friend struct Host;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_LOCKSTEP_H_
