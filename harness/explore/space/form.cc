#include "harness/explore/space/form.h"

#include <algorithm>
#include <bit>

#include "harness/explore/space/writing.h"
#include "harness/model/symbols.h"

namespace lastref {
namespace {

constexpr std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9ULL;
  value ^= value >> 27;
  value *= 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

using Number = std::uint8_t;

// What tells a session from others under any names, so that few orders are left to be tried.
std::uint64_t outline(const State& state, const WritingOrder& order, Number number) {
  const SessionState& of = state.sessions[number];
  const Contents& contents = of.contents;
  std::uint64_t hash = 0;
  const auto add = [&hash](std::uint64_t value) { hash = mix(hash + value + 1); };
  const auto kind = [](std::uint32_t value) -> std::uint64_t {
    if (value == kEmptyFingerprint) return 1;
    if (is_symbol(value)) return 2;
    return value == 0 ? 0 : 3;
  };
  add(static_cast<std::uint64_t>(contents.time));
  add(static_cast<std::uint64_t>(contents.timeout) + static_cast<std::uint64_t>(contents.version));
  add(std::uint64_t{contents.hostname} << 32 | contents.alpn);
  add(std::uint64_t{contents.id_context} << 32 | contents.appdata);
  add(kind(contents.id) | kind(contents.ticket) << 2 | kind(contents.master_key) << 4 |
      static_cast<std::uint64_t>(contents.marked) << 6 |
      static_cast<std::uint64_t>(contents.ex_data) << 8);
  add(static_cast<std::uint64_t>(of.application) | static_cast<std::uint64_t>(of.connections) << 8 |
      static_cast<std::uint64_t>(of.fresh) << 16);
  for (const Number context : order.contexts) {
    const ContextState& cache = state.contexts[context];
    if (!of.cached_by(context)) continue;
    const auto end = cache.order.begin() + cache.count;
    add(static_cast<std::uint64_t>(std::find(cache.order.begin(), end, number) -
                                   cache.order.begin()));
  }
  std::uint64_t named = 0;
  for (Number handle = 0; handle < kMaxHandles; ++handle) {
    named += state.handles[handle] == number ? 1 : 0;
  }
  for (const Number connection : order.connections) {
    const ConnectionState& held = state.connections[connection];
    named = named << 2 | (held.alive != 0 && held.session == number ? 1 : 0) |
            (held.alive != 0 && held.kept == number ? 2 : 0);
  }
  add(named);
  return hash;
}

// Those that live first, so that the places of the others have no names.
template <std::size_t size, class IsAlive>
int living_first(std::array<Number, size>& order, const IsAlive& is_alive) {
  std::size_t place = 0;
  for (Number number = 0; number < size; ++number) {
    if (is_alive(number)) order[place++] = number;
  }
  const auto alive = static_cast<int>(place);
  for (Number number = 0; number < size; ++number) {
    if (!is_alive(number)) order[place++] = number;
  }
  return alive;
}

}  // namespace

std::uint64_t hash_of(std::span<const std::uint8_t> form) {
  std::uint64_t hash = form.size();
  std::size_t i = 0;
  for (; i + 8 <= form.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, form.data() + i, 8);
    static_assert(std::endian::native == std::endian::little);
    hash = mix(hash ^ word);
  }
  std::uint64_t tail = 0;
  for (std::size_t shift = 0; i < form.size(); ++i, shift += 8) {
    tail |= std::uint64_t{form[i]} << shift;
  }
  return mix(hash ^ tail);
}

const Form& FormWriter::canonical(const State& state) {
  WritingOrder order;
  const int contexts =
      living_first(order.contexts, [&](Number number) { return state.contexts[number].alive(); });
  const int connections = living_first(
      order.connections, [&](Number number) { return state.connections[number].alive != 0; });
  best_.clear();
  bool first = true;
  const auto try_order = [&] {
    Form& form = first ? best_ : next_;
    write_in_order(state, symmetry_, order, false, form);
    if (!first && next_.before(best_)) best_.assign(next_);
    first = false;
  };
  static_assert(kMaxContexts == 2 && kMaxConnections == 2, "else more orders are to be tried");
  for (int turn = 0; turn < (contexts == 2 ? 2 : 1); ++turn) {
    if (turn == 1) std::swap(order.contexts[0], order.contexts[1]);
    for (int other_turn = 0; other_turn < (connections == 2 ? 2 : 1); ++other_turn) {
      if (other_turn == 1 || (turn == 1 && connections == 2)) {
        std::swap(order.connections[0], order.connections[1]);
      }
      // Sessions by their outlines; those that share one in every order.
      std::array<std::uint64_t, kMaxSessions> outlines{};
      order.count = 0;
      for (std::uint64_t rest = state.live; rest != 0; rest &= rest - 1) {
        const auto number = static_cast<Number>(std::countr_zero(rest));
        outlines[number] = outline(state, order, number);
        order.sessions[static_cast<std::size_t>(order.count++)] = number;
      }
      const auto begin = order.sessions.begin();
      const auto end = begin + order.count;
      std::sort(begin, end, [&](Number a, Number b) {
        return outlines[a] != outlines[b] ? outlines[a] < outlines[b] : a < b;
      });
      while (true) {
        try_order();
        // The next of the orders in which outlines do not fall, as of an odometer whose wheels are
        // the groups of equal outlines.
        auto group = begin;
        while (group != end) {
          auto next = group + 1;
          while (next != end && outlines[*next] == outlines[*group]) ++next;
          if (std::next_permutation(group, next)) break;
          group = next;
        }
        if (group == end) break;
      }
    }
  }
  return best_;
}

void write_plainly(const State& state, Form& form) {
  WritingOrder order;
  for (Number i = 0; i < kMaxContexts; ++i) order.contexts[i] = i;
  for (Number i = 0; i < kMaxConnections; ++i) order.connections[i] = i;
  for (std::uint64_t rest = state.live; rest != 0; rest &= rest - 1) {
    order.sessions[static_cast<std::size_t>(order.count++)] =
        static_cast<Number>(std::countr_zero(rest));
  }
  const Symmetry none{false, false};
  write_in_order(state, none, order, true, form);
}

}  // namespace lastref
