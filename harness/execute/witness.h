// Writes down what the target does while an operation runs, with sessions numbered by birth.
//
// Births and deaths come from the allocator (exact addresses) or from ex_data, and from both where
// both exist: then they must agree, which balance() tells after each operation.
#ifndef LASTREF_HARNESS_EXECUTE_WITNESS_H_
#define LASTREF_HARNESS_EXECUTE_WITNESS_H_

#include <array>
#include <cstdint>

#include "harness/execute/struck_operation.h"
#include "harness/model/event.h"
#include "harness/model/renumbering.h"
#include "harness/model/state.h"

namespace lastref {

class Witness {
 public:
  // Which observers speak; at least one.
  void use(bool blocks, bool ex_data) {
    blocks_ = blocks;
    ex_data_ = ex_data;
  }

  // Where else events are written down while they come; NULL for nowhere.
  void tell(StruckOperation* struck) { struck_ = struck; }

  // Forgets every session. The numbers begin at 0 again.
  void begin_program();
  void begin_operation() {
    events_.clear();
    born_before_ = born_;
  }
  // After a handshake between connections that now have these sessions, or NULL: numbers the ones
  // that are left, and says how the numbers changed. Whoever tagged their blocks tags them anew.
  Renumbering settle_handshake(const void* server, const void* client);

  // Sessions that are born from here on are nobody's: neither they nor their deaths are events. A
  // block that is left of one is found when the program is over.
  void look_away(bool away) { away_ = away; }

  // The allocator's and ex_data's reports. The first returns the session's number.
  std::uint32_t block_born(void* block);
  void block_died(std::uint32_t number);
  void ex_data_born(const void* session);
  void ex_data_died(const void* session);
  void add(const Event& event) {
    events_.add(event);
    if (struck_ != nullptr) [[unlikely]]
      struck_->add(event);
  }

  // The session that the event in that place turned out to be about.
  void name(int place, std::uint8_t session) {
    if (place < events_.size()) events_[place].session = session;
    if (struck_ != nullptr) [[unlikely]]
      struck_->name(session);
  }

  const EventList& events() const { return events_; }
  // The number of a live session, kNobody for an address that is none.
  std::uint8_t number_of(const void* session) const;
  void* address(std::uint8_t number) const { return addresses_[number]; }
  int born() const { return born_; }
  // How many of them before the operation began.
  int born_before() const { return born_before_; }

  // Births less deaths as the allocator and as ex_data count them; equal unless one observer missed
  // or made up something. Addresses are part of it.
  std::int64_t block_balance() const { return block_balance_; }
  std::int64_t ex_data_balance() const { return ex_data_balance_; }
  bool observers_agree() const {
    return !(blocks_ && ex_data_) ||
           (block_balance_ == ex_data_balance_ && block_sum_ == ex_data_sum_);
  }

 private:
  static constexpr std::uint32_t kUnwatched = 0xffffffff;  // the number of a block's session

  std::uint8_t born(const void* session);
  void died(std::uint8_t number);

  EventList events_;
  StruckOperation* struck_ = nullptr;
  std::array<void*, kMaxSessions> addresses_{};
  int born_ = 0;
  int born_before_ = 0;  // when the operation began
  int overflowed_ = 0;   // births beyond kMaxSessions
  bool blocks_ = true;
  bool ex_data_ = false;
  bool away_ = false;
  std::int64_t block_balance_ = 0;
  std::int64_t ex_data_balance_ = 0;
  std::uint64_t block_sum_ = 0;
  std::uint64_t ex_data_sum_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_WITNESS_H_
