// Carries operations out on a target: operands become pointers and bytes, results become numbers
// that the model can be compared with. It knows what the application knows, its variables, and
// judges nothing.
#ifndef LASTREF_HARNESS_EXECUTE_PERFORMER_H_
#define LASTREF_HARNESS_EXECUTE_PERFORMER_H_

#include <lastref/target_abi.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/execute/context_pool.h"
#include "harness/execute/witness.h"
#include "harness/program/operation.h"

namespace lastref {

// An encoded session in the application's memory.
struct Blob {
  std::vector<std::uint8_t> bytes;
};

class Performer {
 public:
  // The target is started and lives as long as the process. Its connections call the callbacks of
  // the context that they were made from, or of the one in use.
  Performer(const lastref_target& target, Witness& witness, bool hears_context_in_use)
      : target_(target), witness_(witness), hears_context_in_use_(hears_context_in_use) {}

  // All variables become NULL.
  void begin_program();

  // Runs one operation and returns its result in the model's terms: a number, a session's number, a
  // context's or connection's index, a fingerprint of bytes, or kResultNull or kResultUnknown.
  // `argument` is what `arg` names, inside a callback.
  std::int64_t perform(const Operation& operation, const Operation& body, void* argument = nullptr);

  // The callback that is installed on a context, as the program asked for it.
  struct RemoveCallback {
    std::uint8_t mode = kOnRemoveOff;
    Operation body;
  };
  const RemoveCallback& remove_callback(std::uint8_t context) const { return on_remove_[context]; }

  // What the callbacks that a connection calls are to answer: indices into the pools of kOnNew and
  // kOnGet.
  std::uint8_t on_new(std::uint8_t connection) const { return on_new_[heard_[connection]]; }
  std::uint8_t on_get(std::uint8_t connection) const { return on_get_[heard_[connection]]; }
  // The connection goes on with another context; both are indices, or kNobody.
  void use_context(std::uint8_t connection, std::uint8_t context) {
    if (!hears_context_in_use_ || connection == kNobody || context == kNobody) return;
    heard_[connection] = context;
  }
  // The context whose callbacks a connection calls: an index.
  std::uint8_t heard(std::uint8_t connection) const { return heard_[connection]; }
  // What a callback of a context's does before it answers; NULL for nothing.
  const Operation* inside(Inside callback, std::uint8_t context) const {
    const auto of = static_cast<std::size_t>(callback);
    return acts_[context][of] ? &inside_[context][of] : nullptr;
  }
  // The context that the servername callback of a context switches to; NULL for none.
  void* on_servername(std::uint8_t context) const { return on_servername_[context]; }
  // Keeps a new callback's session, and with it a reference, in the first variable that is NULL,
  // and says in which. kNobody when there is none: then the callback must decline.
  std::uint8_t keep(void* session);
  // The session that an external cache would give for an id: that of the first variable that names
  // a live one with that id; NULL for none. `acquire` takes a reference to it.
  void* find(const std::uint8_t* id, std::size_t length, bool acquire);
  // The index of a connection's address; kNobody for one that is no variable's.
  std::uint8_t connection_number(const void* connection) const;
  // The session that the connection has now; borrowed, NULL for none.
  void* session_of(std::uint8_t connection) const;
  // The fingerprint of what a getter of bytes says of the session; 0 for nothing.
  std::uint32_t bytes_of(Op getter, void* session) const;

  // The index of a context's address; kNobody for one that is no variable's.
  std::uint8_t context_number(const void* context) const;
  void* context(std::uint8_t index) const { return contexts_[index].context; }
  const Blob& blob(std::uint8_t index) const { return blobs_[index]; }
  void set_blob(std::uint8_t index, std::span<const std::uint8_t> bytes) {
    blobs_[index].bytes.assign(bytes.begin(), bytes.end());
  }
  // What the context's counters said when the program got it.
  const lastref_context_view& counters_at_birth(std::uint8_t index) const {
    return counters_[index];
  }

  // What a session operand points to; NULL for `arg`, which only a callback has.
  void* session(std::uint8_t operand, void* argument = nullptr) const;

  // The encoded bytes of a session, in the target's memory until its next operation.
  std::span<const std::uint8_t> encode(void* session) const;

  // What BLOB_GIVE puts into a blob; must outlive the program.
  void set_given(std::span<const std::uint8_t> bytes) { given_ = bytes; }
  std::span<const std::uint8_t> given() const { return given_; }
  // How far the last decoding left its pointer from the start of the input, -1 where the adapter
  // does not say; and the first byte of the input that it changed, or the length.
  std::int64_t input_end() const { return input_end_; }
  std::size_t input_changed() const { return input_changed_; }

  // Of the last handshake: the bytes of its flights, and whether one was damaged.
  const std::array<std::uint32_t, LASTREF_FLIGHTS>& flights() const { return flights_; }
  bool damaged() const { return damaged_; }

  // Whether the last encoding into a buffer of the application's left its pointer where it was.
  bool pointer_stayed() const { return pointer_stayed_; }

  // Contexts may be taken from and given to the pool. Off: every context is made and freed.
  void set_reuse(bool on) { reuse_ = on; }
  // Gives the context back to the pool instead of freeing it. False when the target cannot reset
  // it: then it is still there.
  bool retire(std::uint8_t index);
  // Frees those that the program gave back: it left something behind, which may be theirs. A
  // context of the pool holds what it held when it was made, or its end would look like a release
  // too many in some later program.
  void free_retired();
  const ContextPool& pool() const { return pool_; }

 private:
  void resolve(const Operation& operation, void* argument, lastref_call& call) const;
  std::int64_t finish(const Operation& operation, const lastref_result& result);
  // No function of a target throws, says the ABI. An exception that leaves one ends the process
  // here, as a crash of the target's, before somebody takes it for the harness's own.
  int call_target(const lastref_call& call, lastref_result& result) const noexcept {
    return target_.perform(&call, &result);
  }
  void make_context(const Operation& operation);
  void set_inside(const Operation& operation, const Operation& body);
  std::int64_t session_result(std::uint8_t handle, void* session);
  void forget_flights();
  void look_at_flights(const lastref_result& result);
  void look_at_input(const Operation& operation, const lastref_result& result);
  std::int64_t take_encoding(std::vector<std::uint8_t>& into, const lastref_result& result);
  std::int64_t local(const Operation& operation, void* argument);
  // An operation on one session, with no other operand.
  lastref_result ask(Op code, void* session) const;

  const lastref_target& target_;
  Witness& witness_;
  bool hears_context_in_use_;
  ContextPool pool_;
  int retired_ = 0;  // by this program: the last of the pool
  bool reuse_ = false;
  // By session operand: the variables, then `arg` while a call with one is filled in, and `null`.
  static constexpr std::size_t kSlots = 16;
  static_assert(kSessionOperands <= kSlots);
  std::array<void*, kSlots> handles_{};
  bool pointer_stayed_ = false;
  std::span<const std::uint8_t> given_;
  std::int64_t input_end_ = -1;
  std::size_t input_changed_ = 0;
  std::array<std::uint32_t, LASTREF_FLIGHTS> flights_{};
  bool damaged_ = false;
  std::array<PooledContext, kMaxContexts> contexts_{};
  std::array<lastref_context_view, kMaxContexts> counters_{};
  std::array<RemoveCallback, kMaxContexts> on_remove_{};
  std::array<std::uint8_t, kMaxContexts> on_new_{};
  std::array<std::uint8_t, kMaxContexts> on_get_{};
  std::array<void*, kMaxContexts> on_servername_{};
  std::array<std::uint8_t, kMaxConnections> heard_{};  // whose callbacks it calls
  std::array<std::array<Operation, 3>, kMaxContexts> inside_{};
  std::array<std::array<bool, 3>, kMaxContexts> acts_{};
  std::array<void*, kMaxConnections> connections_{};
  std::array<Blob, kMaxBlobs> blobs_{};
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_PERFORMER_H_
