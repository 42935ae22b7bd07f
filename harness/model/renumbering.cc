#include "harness/model/renumbering.h"

#include <algorithm>

namespace lastref {
namespace {

bool is_callback(const Event& event) {
  return event.kind != EventKind::kBirth && event.kind != EventKind::kDeath;
}

}  // namespace

Renumbering::Renumbering(int first, int born, std::uint64_t live, std::uint8_t server,
                         std::uint8_t client)
    : first_(first), born_(first), live_(live) {
  number_.fill(kTemporary);
  place(server);
  place(client);
  for (int number = first; number < born; ++number) place(static_cast<std::uint8_t>(number));
}

void Renumbering::place(std::uint8_t number) {
  if (number < first_ || number >= kMaxSessions || (live_ >> number & 1U) == 0) return;
  if (number_[number] == kTemporary) number_[number] = static_cast<std::uint8_t>(born_++);
}

void Renumbering::settle(EventList& events) const {
  EventList settled;
  for (int number = first_; number < born_; ++number) {
    settled.add({EventKind::kBirth, static_cast<std::uint8_t>(number), 0, 0});
  }
  std::array<std::uint8_t, kMaxEvents> deaths{};
  std::size_t died = 0;
  for (const Event& event : events.view()) {
    if (is_callback(event)) {
      Event told = event;
      told.session = (*this)(event.session);
      settled.add(told);
    } else if (event.kind == EventKind::kDeath && (*this)(event.session) != kTemporary) {
      deaths[died++] = event.session;
    }
  }
  std::sort(deaths.begin(), deaths.begin() + static_cast<std::ptrdiff_t>(died));
  for (std::size_t i = 0; i < died; ++i) settled.add({EventKind::kDeath, deaths[i], 0, 0});
  if (!events.overflowed()) events = settled;
}

void renumber(State& state, const Renumbering& renumbering) {
  const int first = renumbering.first();
  std::array<SessionState, kMaxSessions> moved;
  for (int old = first; old < state.born; ++old) {
    const std::uint8_t now = renumbering(static_cast<std::uint8_t>(old));
    if (now != kTemporary) moved[now] = state.sessions[static_cast<std::size_t>(old)];
  }
  state.live &= (std::uint64_t{1} << first) - 1;
  state.born = static_cast<std::uint8_t>(renumbering.born());
  for (int now = first; now < state.born; ++now) {
    state.sessions[static_cast<std::size_t>(now)] = moved[static_cast<std::size_t>(now)];
    state.live |= std::uint64_t{1} << now;
  }
  for (std::uint8_t& handle : state.handles) handle = renumbering(handle);
  for (ConnectionState& connection : state.connections) {
    connection.session = renumbering(connection.session);
    connection.kept = renumbering(connection.kept);
  }
  for (ContextState& context : state.contexts) {
    for (int i = 0; i < context.count; ++i) {
      std::uint8_t& linked = context.order[static_cast<std::size_t>(i)];
      linked = renumbering(linked);
    }
  }
}

}  // namespace lastref
