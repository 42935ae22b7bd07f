#include "harness/execute/struck_operation.h"

namespace lastref {

void StruckOperation::begin(int number, FaultKind kind) {
  *this = StruckOperation{};
  number_ = static_cast<std::uint16_t>(number);
  refused_ = kind;
}

void StruckOperation::add(const StruckMoment& moment) {
  if (count_ == kMax) {
    ++left_out_;
    return;
  }
  moments_[static_cast<std::size_t>(count_++)] = moment;
}

void StruckOperation::refuse(std::size_t bytes) {
  if (asked_.empty()) asked_ = call_stack();
  if (count_ > 0) {
    StruckMoment& last = moments_[static_cast<std::size_t>(count_ - 1)];
    if (last.kind == StruckMoment::Kind::kRefusal) {
      ++last.count;
      return;
    }
  }
  add({StruckMoment::Kind::kRefusal, 1, {}, static_cast<std::int64_t>(bytes)});
}

void StruckOperation::forget(std::uint8_t session) {
  for (int i = count_ - 1; i >= 0; --i) {
    StruckMoment& moment = moments_[static_cast<std::size_t>(i)];
    const bool born =
        moment.kind == StruckMoment::Kind::kEvent && moment.event.kind == EventKind::kBirth;
    if (!born || moment.event.session != session) continue;
    moment.event.session = kTemporary;
    break;
  }
  add({EventKind::kDeath, kTemporary, 0, 0});
}

void StruckOperation::name(std::uint8_t session) {
  for (int i = count_ - 1; i >= 0; --i) {
    StruckMoment& moment = moments_[static_cast<std::size_t>(i)];
    if (moment.kind != StruckMoment::Kind::kEvent || moment.event.kind != EventKind::kGetCallback) {
      continue;
    }
    moment.event.session = session;
    return;
  }
}

void StruckOperation::renumber(const Renumbering& renumbering) {
  for (StruckMoment& moment : std::span(moments_).first(static_cast<std::size_t>(count_))) {
    if (moment.kind != StruckMoment::Kind::kEvent) continue;
    moment.event.session = renumbering(moment.event.session);
  }
}

void StruckOperation::end(std::int64_t result, std::int64_t blocks) {
  ended_ = true;
  result_ = result;
  blocks_ = blocks;
}

void StruckOperation::connection_has(std::uint8_t connection, std::uint8_t session) {
  add({StruckMoment::Kind::kConnection, 0, {EventKind::kBirth, session, connection, 0}, 0});
}

void StruckOperation::application_has(std::uint8_t session, std::int64_t references) {
  add({StruckMoment::Kind::kApplication, 0, {EventKind::kBirth, session, 0, 0}, references});
}

}  // namespace lastref
