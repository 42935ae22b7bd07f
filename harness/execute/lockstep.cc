#include "harness/execute/lockstep.h"

#include "harness/execute/unchecked_lengths.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/target/probe.h"

namespace lastref {
namespace {

Lockstep* current = nullptr;  // of this process
Probe* current_probe = nullptr;

}  // namespace

// The functions that an adapter and the heap call. A struct, to be a friend.
struct Host {
  static void* allocate(std::size_t bytes) { return heap().allocate(bytes); }
  static void* reallocate(void* block, std::size_t bytes) {
    return heap().reallocate(block, bytes);
  }
  static void release(void* block) { heap().release(block); }
  static void born(const void* session) {
    if (current != nullptr) {
      current->witness_.ex_data_born(session);
    } else if (current_probe != nullptr) {
      current_probe->born(session);
    }
  }
  static void died(const void* session) {
    if (current != nullptr) {
      current->witness_.ex_data_died(session);
    } else if (current_probe != nullptr) {
      current_probe->died(session);
    }
  }
  static void callback(std::uint32_t kind, void* context, void* connection, void* session,
                       const std::uint8_t* id, std::size_t id_length, lastref_reply* reply) {
    if (current == nullptr) return;
    const TargetScope outside(false);
    switch (kind) {
      case LASTREF_CALLBACK_REMOVE:
        current->remove_callback(context, session);
        break;
      case LASTREF_CALLBACK_NEW:
        current->new_callback(connection, session, *reply);
        break;
      case LASTREF_CALLBACK_SERVERNAME:
        current->servername_callback(context, connection, *reply);
        break;
      default:
        current->get_callback(connection, id, id_length, *reply);
        break;
    }
  }
  static std::int64_t now() { return virtual_now(); }
  static std::size_t block_size(const void* block) { return heap().size(block); }
  static void block_born(void* /*context*/, void* block) {
    if (current != nullptr) heap().set_tag(block, current->witness_.block_born(block));
  }
  static void block_died(void* /*context*/, void* /*block*/, std::uint32_t tag) {
    if (current != nullptr) current->witness_.block_died(tag);
  }
};

const lastref_host& Lockstep::host() {
  static const lastref_host host = {
      sizeof(lastref_host), LASTREF_TARGET_ABI, Host::allocate, Host::reallocate, Host::release,
      Host::born,           Host::died,         Host::callback, Host::now,        Host::block_size};
  return host;
}

void Lockstep::set_probe(Probe* probe) { current_probe = probe; }

Lockstep::Lockstep(const lastref_target& target, const Contract& contract)
    : target_(target),
      model_(contract),
      performer_(target, witness_,
                 contract.is(Switch::SWITCHED_CALLBACKS, switched_callbacks::kContextInUse)),
      check_(target.capabilities) {
  const bool blocks = (target.capabilities & LASTREF_SEES_BLOCKS) != 0;
  witness_.use(blocks, (target.capabilities & LASTREF_SEES_EX_DATA) != 0);
  current = this;
  if (blocks) heap().set_observer({nullptr, Host::block_born, Host::block_died});
}

Lockstep::~Lockstep() {
  current = nullptr;
  heap().set_observer({});
}

void Lockstep::warm(int count) {
  for (int i = 0; i < count; ++i) {
    performer_.set_reuse(false);
    begin_program({});
    Operation make;
    make.code = Op::CONTEXT_NEW;
    performer_.perform(make, Operation{});
    performer_.set_reuse(true);
    performer_.retire(make.result);
  }
}

void Lockstep::begin_program(const Watch& watch) {
  watch_ = watch;
  heap().set_tier(watch.memory);
  if (watch.memory == MemoryTier::kGuardAll) heap().forget_moments();
  symptoms_.count = 0;
  memory_fault_ = MemoryFault{};
  operation_ = 0;
  judged_ = true;
  in_callback_ = false;
  struck_ = false;
  losable_blocks_ = 0;
  harmed_contexts_ = 0;
  sure_ = true;
  holdings_.rest();
  for (int i = 0; i < witness_.born(); ++i) encodings_[static_cast<std::size_t>(i)].digest = 0;
  state_.restart();
  witness_.begin_program();
  performer_.begin_program();
  performer_.set_reuse(watch.reuse_contexts);
  performer_.set_given({});
  set_virtual_clock(kClockStart);
  seed_virtual_random(1);
  blocks_at_start_ = heap().live_blocks() - performer_.pool().blocks();
}

// The model knows nothing of bytes.
bool Lockstep::may_be_decoded(std::span<const std::uint8_t> bytes) const {
  return !model_.contract().hazards.has(Hazard::D2I_UNCHECKED) || lengths_are_safe(bytes);
}

void Lockstep::give_blob(std::uint8_t blob, std::span<const std::uint8_t> bytes) {
  if (!may_be_decoded(bytes)) return;
  performer_.set_blob(blob, bytes);
  BlobState& state = state_.blobs[blob];
  state = BlobState{};
  state.written = 1;
  state.damaged = 1;
}

Legality Lockstep::step(const Operation& operation, const Operation& body) {
  if (operation.code == Op::BLOB_GIVE && !may_be_decoded(performer_.given())) [[unlikely]] {
    return Legality::kHazard;
  }
  if (operation.fault.any() || on_requests || struck_) [[unlikely]] {
    // A context that was short of memory at its birth may lack a protocol or a cipher: what a
    // handshake then comes to is not known either.
    const bool lacking =
        operation.code == Op::HANDSHAKE &&
        model_.contract().is(Switch::FAILED_ALLOCATION, failed_allocation::kHalfWay);
    if (operation.fault.any() || on_requests || lacking) {
      return step_with_fault(operation, body);
    }
  }
  if (Model::may_run_body(state_) || Model::may_choose(state_, operation)) {
    return step_with_copy(operation, body);
  }
  const Legality legality = model_.step(state_, operation, body, expected_);
  if (legality == Legality::kLegal) perform_and_compare(operation, body, nullptr);
  return legality;
}

Legality Lockstep::step_with_copy(const Operation& operation, const Operation& body) {
  before_.take(state_);
  const Legality legality = model_.step(state_, operation, body, expected_);
  if (legality == Legality::kLegal) {
    perform_and_compare(operation, body, &before_);
  } else {
    state_.take(before_);
  }
  return legality;
}

// Of several endings the target has chosen one; the first that agrees is it.
void Lockstep::choose_ending(const Operation& operation, const Operation& body, const State& before,
                             std::int64_t result) {
  for (int choice = 1; choice < expected_.choices; ++choice) {
    if (expected_.events == witness_.events() && expected_.result == result) break;
    const State first_state = state_;
    const Expectation first = expected_;
    state_ = before;
    model_.step(state_, operation, body, expected_, choice);
    if (expected_.events == witness_.events() && expected_.result == result) break;
    state_ = first_state;
    expected_ = first;
  }
}

void Lockstep::begin_operation(const Operation& operation) {
  if (on_operation) on_operation(operation_, operation);
  heap().set_moment(operation_ + 1);
  witness_.begin_operation();
}

void Lockstep::perform_and_compare(const Operation& operation, const Operation& body,
                                   const State* before) {
  begin_operation(operation);
  const int born_before = witness_.born();
  const std::int64_t result = perform(operation, body);
  compare_ending(operation, body, before, result, born_before);
  ++operation_;
}

void Lockstep::compare_ending(const Operation& operation, const Operation& body,
                              const State* before, std::int64_t result, int born_before) {
  expected_.follow(witness_.events());
  if (expected_.choices > 1 && before != nullptr) {
    choose_ending(operation, body, *before, result);
  }
  if (expected_.adopt != kNobody) adopt(expected_.adopt);
  // What a handshake made shows in the sessions that it left, or in a copy that is given out later.
  if (operation.code == Op::HANDSHAKE || operation.code == Op::COPY_SESSION) {
    // A session that a connection has had from its birth on is older than the handshake.
    const bool own = model_.contract().is(Switch::FRESH_SESSION, fresh_session::kOwn);
    resolve_symbols(own ? 0 : born_before);
  }
  const bool failed_before = failed();
  compare(operation, result);
  if (failed() && !failed_before && on_failed) on_failed(symptoms_);
}

std::int64_t Lockstep::perform(const Operation& operation, const Operation& body) {
  const std::int64_t result = performer_.perform(operation, body);
  if (operation.code == Op::HANDSHAKE) settle_handshake(operation);
  return result;
}

void Lockstep::step_unjudged(const Operation& operation, const Operation& body) {
  judged_ = false;
  const State before = state_;
  if (model_.step(state_, operation, body, expected_) != Legality::kLegal) state_ = before;
  begin_operation(operation);
  perform(operation, body);
  collect_faults(operation);
  ++operation_;
}

// Whether the operation frees a context that the pool can have instead: the last reference, nothing
// in its cache, nothing found wrong, and nothing done that might show only in the next program.
bool Lockstep::may_retire(const Operation& operation) const {
  if (operation.code != Op::CONTEXT_FREE || !watch_.reuse_contexts || !judged_ || failed() ||
      (harmed_contexts_ >> operation.operand[0] & 1U) != 0) {
    return false;
  }
  const ContextState& context = state_.contexts[operation.operand[0]];
  return context.application == 1 && context.connections == 0 && context.count == 0 &&
         context.shared == 0;
}

void Lockstep::finish(Teardown teardown) {
  if (!sure_) {
    let_go(teardown);
    return;
  }
  const bool already_failed = failed();
  std::optional<Operation> last;
  TeardownWalk walk(teardown);
  while (const auto operation = walk.next(state_)) {
    if (failed() && !watch_.consequences) break;
    if (may_retire(*operation) && performer_.retire(operation->operand[0])) {
      // The pool's is the last reference now; for the model the context is gone.
      if (model_.step(state_, *operation, Operation{}, expected_) != Legality::kLegal) break;
      last = *operation;
      ++operation_;
      continue;
    }
    if (already_failed || failed() || !judged_) {
      const int seen = symptoms_.count;
      step_unjudged(*operation, Operation{});
      if (symptoms_.count > seen + Symptoms::kMax) break;
    } else if (step(*operation, Operation{}) != Legality::kLegal) {
      break;
    }
    last = *operation;
  }
  end_program(at_the_end(last));
  symptoms_.settle();
}

// What shows when all is given back is said of the last operation of the teardown; where there was
// none, of the end of the contexts, behind the program.
Operation Lockstep::at_the_end(const std::optional<Operation>& torn_down) {
  if (torn_down && !failed()) --operation_;
  Operation end;
  end.code = Op::CONTEXT_FREE;
  return torn_down.value_or(end);
}

// Behind the last operation.
void Lockstep::end_program(const Operation& last) {
  {
    const TargetScope inside;
    target_.quiesce();
  }
  heap().set_moment(0);
  heap().end_program();
  collect_faults(last);
  if (!judged_ && sure_ && !failed()) report_left_over(last);
  if (judged_ && !failed() && !nothing_left()) {
    performer_.free_retired();
    collect_faults(last);
  }
  if (judged_ && !failed() && !nothing_left()) {
    report(Discrepancy::kBlocks, last, kNoSubject, static_cast<std::int64_t>(blocks_at_start_),
           static_cast<std::int64_t>(heap().live_blocks() - performer_.pool().blocks()));
    if (memory_fault_.empty()) memory_fault_ = left_over();
  }
}

bool Lockstep::nothing_left() const {
  const std::size_t left = heap().live_blocks() - performer_.pool().blocks();
  return left >= blocks_at_start_ && left - blocks_at_start_ <= losable_blocks_;
}

}  // namespace lastref
