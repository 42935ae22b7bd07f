#include "harness/execute/body_references.h"

#include "harness/model/event.h"
#include "harness/model/state.h"

namespace lastref {
namespace {

// Whether it is about sessions and caches alone, and takes no reference for the application.
bool takes_nothing(Op code) {
  switch (code) {
    case Op::CACHE_ADD:
    case Op::CACHE_REMOVE:
    case Op::CACHE_FLUSH:
    case Op::CACHE_LOOKUP:
    case Op::REMOVE_OWN:
    case Op::SET_SESSION:
      return true;
    default:
      return row(code).effect == Effect::NEUTRAL && code != Op::CONNECTION_CLEAR &&
             code != Op::SHUTDOWN;
  }
}

}  // namespace

void BodyReferences::take(std::uint8_t session, int references) {
  if (session >= kMaxSessions) {
    followed_ = false;
    return;
  }
  taken_[session] = static_cast<std::int8_t>(taken_[session] + references);
}

void BodyReferences::add(const Operation& body, std::uint8_t named, std::int64_t result) {
  switch (body.code) {
    case Op::SESSION_UP_REF:
      if (result == 1) take(named, 1);
      return;
    case Op::SESSION_FREE:
      if (named != kNobody) take(named, -1);
      return;
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
    case Op::SESSION_DUP:
    case Op::SESSION_KEEP:
    case Op::D2I:
    case Op::D2I_FRESH:
    case Op::GET1_SESSION:
    case Op::COPY_SESSION:
      handles_ |= 1U << body.result;
      if (result == kResultUnknown) followed_ = false;
      if (result >= 0) take(static_cast<std::uint8_t>(result), 1);
      return;
    case Op::GET0_SESSION:
      handles_ |= 1U << body.result;
      return;
    default:
      if (!takes_nothing(body.code)) followed_ = false;
      return;
  }
}

void BodyReferences::renumber(const Renumbering& renumbering) {
  const std::array<std::int8_t, kMaxSessions> before = taken_;
  taken_.fill(0);
  for (std::uint8_t session = 0; session < kMaxSessions; ++session) {
    const std::uint8_t now = renumbering(session);
    if (now < kMaxSessions) taken_[now] = static_cast<std::int8_t>(taken_[now] + before[session]);
  }
}

}  // namespace lastref
