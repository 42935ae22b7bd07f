#include "harness/execute/witness.h"

namespace lastref {

void Witness::begin_program() {
  events_.clear();
  for (int i = 0; i < born_; ++i) addresses_[static_cast<std::size_t>(i)] = nullptr;
  born_ = 0;
  overflowed_ = 0;
  block_balance_ = 0;
  ex_data_balance_ = 0;
  block_sum_ = 0;
  ex_data_sum_ = 0;
}

std::uint8_t Witness::born(const void* session) {
  if (born_ >= kMaxSessions) {  // only a target that has lost its way makes so many
    ++overflowed_;
    add({EventKind::kBirth, kNobody, 0, overflowed_});
    return kNobody;
  }
  const auto number = static_cast<std::uint8_t>(born_++);
  addresses_[number] =
      const_cast<void*>(session);  // NOLINT(cppcoreguidelines-pro-type-const-cast): kept as a key,
                                   // given back to the library that made it
  add({EventKind::kBirth, number, 0, 0});
  return number;
}

void Witness::died(std::uint8_t number) {
  const int count = events_.size();
  // Born and gone with nothing in between: the library's own temporary object, nobody ever held it.
  if (number != kNobody && number + 1 == born_ && count > 0 &&
      events_[count - 1] == Event{EventKind::kBirth, number, 0, 0}) {
    events_.erase(count - 1);
    --born_;
    if (struck_ != nullptr) struck_->forget(number);
  } else {
    add({EventKind::kDeath, number, 0, 0});
  }
  if (number != kNobody) addresses_[number] = nullptr;
}

Renumbering Witness::settle_handshake(const void* server, const void* client) {
  std::uint64_t live = 0;
  for (int i = born_before_; i < born_; ++i) {
    if (addresses_[static_cast<std::size_t>(i)] != nullptr) live |= std::uint64_t{1} << i;
  }
  const Renumbering renumbering(born_before_, born_, live,
                                server == nullptr ? kNobody : number_of(server),
                                client == nullptr ? kNobody : number_of(client));
  renumbering.settle(events_);
  if (struck_ != nullptr) struck_->renumber(renumbering);
  std::array<void*, kMaxSessions> moved{};
  for (int i = born_before_; i < born_; ++i) {
    const std::uint8_t number = renumbering(static_cast<std::uint8_t>(i));
    if (number != kTemporary) moved[number] = addresses_[static_cast<std::size_t>(i)];
  }
  for (int i = born_before_; i < born_; ++i) {
    addresses_[static_cast<std::size_t>(i)] = moved[static_cast<std::size_t>(i)];
  }
  born_ = renumbering.born();
  return renumbering;
}

std::uint32_t Witness::block_born(void* block) {
  if (away_) return kUnwatched;
  ++block_balance_;
  block_sum_ += reinterpret_cast<std::uintptr_t>(block);
  return born(block);
}

void Witness::block_died(std::uint32_t number) {
  if (number == kUnwatched) return;
  --block_balance_;
  const auto session = static_cast<std::uint8_t>(number);
  if (session < kMaxSessions) {
    block_sum_ -= reinterpret_cast<std::uintptr_t>(addresses_[session]);
  }
  died(session);
}

void Witness::ex_data_born(const void* session) {
  if (away_) return;
  ++ex_data_balance_;
  ex_data_sum_ += reinterpret_cast<std::uintptr_t>(session);
  if (!blocks_) born(session);
}

void Witness::ex_data_died(const void* session) {
  if (away_) return;
  --ex_data_balance_;
  ex_data_sum_ -= reinterpret_cast<std::uintptr_t>(session);
  if (!blocks_) died(number_of(session));
}

std::uint8_t Witness::number_of(const void* session) const {
  for (int i = born_ - 1; i >= 0; --i) {
    if (addresses_[static_cast<std::size_t>(i)] == session) return static_cast<std::uint8_t>(i);
  }
  return kNobody;
}

}  // namespace lastref
