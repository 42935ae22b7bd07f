// What was seen of an operation in which something was made to fail, in its order: which request
// failed, which callbacks ran, which sessions were born and destroyed, and what it left behind.
#ifndef LASTREF_HARNESS_EXECUTE_STRUCK_OPERATION_H_
#define LASTREF_HARNESS_EXECUTE_STRUCK_OPERATION_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/memory/call_stack.h"
#include "harness/model/event.h"
#include "harness/model/renumbering.h"
#include "harness/program/operation.h"

namespace lastref {

struct StruckMoment {
  enum class Kind : std::uint8_t {
    kRefusal,      // value: the bytes of the first request of `count` that failed in a row
    kEvent,        // event
    kConnection,   // event.session: what connection event.context has behind it, or kNobody
    kApplication,  // event.session; value: the references that the application has to it now
  };
  Kind kind = Kind::kEvent;
  std::uint32_t count = 0;
  Event event;
  std::int64_t value = 0;

  friend bool operator==(const StruckMoment&, const StruckMoment&) = default;
};

// Plain data: it lies in memory that survives the process which the target ends. Sessions have the
// numbers that reports have of them, but in an operation that came to no end: there a handshake's
// have those of their births.
class StruckOperation {
 public:
  // A handshake that loses its memory ends a few sessions. Beyond it moments are left out.
  static constexpr int kMax = 64;

  bool empty() const { return number_ == 0; }
  int number() const { return number_; }  // of the operation, counted from 1
  // Whether it came to its end; then its result, in the model's terms, and by how many the blocks
  // that live are more.
  bool ended() const { return ended_; }
  std::int64_t result() const { return result_; }
  std::int64_t blocks() const { return blocks_; }
  // What was asked for in vain: memory, random bytes, a lock, or nothing where a flight is damaged.
  FaultKind refused() const { return refused_; }
  std::span<const StruckMoment> moments() const {
    return {moments_.data(), static_cast<std::size_t>(count_)};
  }
  int left_out() const { return left_out_; }
  // Of the first request that failed.
  const CallStack& asked() const { return asked_; }

  // As the operation runs.
  void begin(int number, FaultKind kind);
  void add(const Event& event) { add({StruckMoment::Kind::kEvent, 0, event, 0}); }
  void refuse(std::size_t bytes);
  // The session of that number, which was born last, is gone again, and its number free.
  void forget(std::uint8_t session);
  // The get callback that ran last returned that session.
  void name(std::uint8_t session);
  // Behind it.
  void renumber(const Renumbering& renumbering);
  void end(std::int64_t result, std::int64_t blocks);
  void connection_has(std::uint8_t connection, std::uint8_t session);
  void application_has(std::uint8_t session, std::int64_t references);

 private:
  void add(const StruckMoment& moment);

  std::uint16_t number_ = 0;
  bool ended_ = false;
  FaultKind refused_ = FaultKind::kAllocation;
  std::int32_t count_ = 0;
  std::int32_t left_out_ = 0;
  std::int64_t result_ = 0;
  std::int64_t blocks_ = 0;
  CallStack asked_;
  std::array<StruckMoment, kMax> moments_{};
};

// The same with a stack that can be read, as in MemoryEvidence.
struct StruckEvidence {
  StruckOperation operation;
  std::vector<std::string> asked;

  bool empty() const { return operation.empty(); }
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_STRUCK_OPERATION_H_
