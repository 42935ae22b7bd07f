#include "harness/generate/rules/cache.h"

#include <algorithm>
#include <utility>

namespace lastref::rules {
namespace {

// The cache's sessions with their ends, oldest first.
std::optional<std::vector<std::pair<Expiry, int>>> ends(const World& world,
                                                        const Context& context) {
  std::vector<std::pair<Expiry, int>> all;
  for (const Link& link : context.cache) {
    const std::optional<Expiry> end = expiry(world.contract, world.session(link.session).contents);
    if (!end) return std::nullopt;
    all.emplace_back(*end, link.session);
  }
  return all;
}

}  // namespace

std::optional<int> next_evicted(const World& world, const Context& context) {
  if (context.cache.size() == 1 ||
      world.contract.is(Switch::EVICTION_ORDER, eviction_order::kInsertion)) {
    return context.cache.front().session;
  }
  const auto all = ends(world, context);
  if (!all) return std::nullopt;
  return std::ranges::min_element(*all, {}, &std::pair<Expiry, int>::first)->second;
}

std::optional<std::vector<int>> flushed(const World& world, const Context& context,
                                        std::int64_t time, bool order_matters) {
  std::vector<int> sessions;
  if (time == 0 && (!order_matters || context.cache.size() == 1)) {
    for (const Link& link : context.cache) sessions.push_back(link.session);
    return sessions;
  }
  auto all = ends(world, context);
  if (!all) return std::nullopt;
  std::ranges::stable_sort(*all, {}, &std::pair<Expiry, int>::first);
  for (const auto& [end, session] : *all) {
    const bool ended = end.never ? world.contract.hazards.has(Hazard::OVERFLOW_EXPIRES)
                                 : end < Expiry{false, moment(world.contract, time)};
    if (time == 0 || ended) sessions.push_back(session);
  }
  return sessions;
}

std::optional<int> linked_under(const World& world, const Context& context, const Key& key) {
  bool known = true;
  for (const Link& link : context.cache) {
    const std::optional<bool> same = same_key(world.contract, link.key, key);
    if (same.value_or(false)) return link.session;
    known = known && same.has_value();
  }
  return known ? std::optional<int>(kNone) : std::nullopt;
}

bool is_full(const World& world, const Context& context) {
  if (context.cache_size <= 0) return false;
  const bool one_less = world.contract.is(Switch::CAPACITY, capacity::kOneLess);
  const auto linked = static_cast<std::int64_t>(context.cache.size());
  return linked + (one_less ? 1 : 0) >= context.cache_size;
}

bool outgrown(const World& world, const Context& context) {
  if (context.cache_size <= 0) return false;
  const bool one_less = world.contract.is(Switch::CAPACITY, capacity::kOneLess);
  const auto linked = static_cast<std::int64_t>(context.cache.size());
  return linked + (one_less ? 1 : 0) > context.cache_size;
}

void move_to_place(Context& context, int session) {
  const auto link = context.find(session);
  std::rotate(link, link + 1, context.cache.end());
}

}  // namespace lastref::rules
