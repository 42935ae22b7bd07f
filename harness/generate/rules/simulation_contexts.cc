// What operations do to contexts and their caches.
#include "harness/generate/rules/cache.h"
#include "harness/generate/rules/simulation.h"
#include "harness/program/values.h"

namespace lastref::rules {

void Simulation::happen_to_context(const Operation& operation) {
  if (operation.code == Op::CONTEXT_NEW) return new_context(world_.contexts[operation.result]);
  Context& of = world_.contexts[operation.operand[0]];
  const std::uint8_t second = operation.operand[1];
  ++of.running;
  switch (operation.code) {
    case Op::CONTEXT_UP_REF:
      ++of.application;
      break;
    case Op::CONTEXT_FREE:
      --of.application;
      bury_if_dead(of);
      break;
    case Op::SET_MODE:
      set_mode(of, number_values(OperandKind::kCacheMode)[second].value);
      break;
    case Op::SET_CACHE_SIZE:
      if (contract_.is(Switch::CACHE_SIZE_SET, cache_size_set::kFixed)) break;
      of.cache_size = number_values(OperandKind::kCacheSize)[second].value;
      break;
    case Op::CACHE_ADD:
      add(of, world_.named(second));
      break;
    case Op::SET_DEFAULT_TIMEOUT:
      set_timeout(of, number_values(OperandKind::kTimeout)[second].value);
      break;
    case Op::CACHE_LOOKUP:
      lookup(of, world_.named(second));
      break;
    case Op::CACHE_REMOVE:
      remove(of, world_.named(second));
      break;
    case Op::CACHE_FLUSH:
      flush(of, number_values(OperandKind::kTime)[second].value);
      break;
    case Op::ON_NEW:
      of.on_new = second;
      break;
    case Op::ON_GET:
      of.on_get = second;
      break;
    case Op::ON_SERVERNAME:
      of.named = second;
      break;
    case Op::ON_REMOVE:
      of.on_remove = second;
      of.body = current_ + 1;
      break;
    default:
      break;
  }
  --of.running;
}

void Simulation::new_context(Context& of) {
  of = Context();
  of.alive = true;
  of.application = 1;
  of.cache_size = contract_.value(Switch::CACHE_SIZE);
  of.timeout = contract_.value(Switch::CONTEXT_TIMEOUT);
}

void Simulation::set_mode(Context& of, std::int64_t mode) const {
  of.updates_time = (mode & kModeUpdateTime) != 0;
  const bool sticks = contract_.hazards.has(Hazard::MODE_STICKS);
  of.off = (mode & kModeBoth) == 0 || (of.off && sticks);
  of.internal = (mode & kModeNoInternalStore) == 0 && (of.internal || !sticks);
}

void Simulation::add_copy(int added) {
  Session& session = world_.session(added);
  session.fresh = false;
  const bool refused = session.contents.id && session.contents.id->empty() &&
                       contract_.is(Switch::EMPTY_ID_ADD, empty_id_add::kRefused);
  if (!refused) session.copied_as = session.contents.id;
}

void Simulation::remove_copy(const Context& of, int argument) {
  const std::optional<std::string_view> id = world_.session(argument).contents.id;
  world_.session(argument).fresh = false;
  bool found = false;
  for (Session& session : world_.sessions) {
    if (!of.internal || !session.copied_as) continue;
    if (!id || !*session.copied_as) return stop({kUnknownId, true});
    if (**session.copied_as != *id) continue;
    session.copied_as.reset();
    found = true;
  }
  const bool expires = contract_.is(Switch::REMOVE_MARKS, remove_marks::kExpires);
  if (of.internal && expires && (found || contract_.hazards.has(Hazard::REMOVE_MARKS_STRANGER))) {
    world_.session(argument).contents.timeout = 0;
  }
  if (found || contract_.hazards.has(Hazard::REMOVE_CALLBACK_ALWAYS)) call_back(of, argument);
}

void Simulation::add(Context& of, int added) {
  if (contract_.is(Switch::CACHE_ADDS, cache_adds::kCopy)) return add_copy(added);
  if (contract_.is(Switch::CACHE_ADDS, cache_adds::kEntry)) return add_entry(of, added);
  world_.session(added).fresh = false;
  world_.session(added).bound_to = static_cast<int>(&of - world_.contexts.data());
  const bool updates = of.updates_time && contract_.is(Switch::UPDATE_TIME_ON_ADD, yes_no::kYes);
  if (of.links(added)) {
    if (updates) world_.session(added).contents.time = world_.now;
    const bool refreshes = contract_.is(Switch::ADD_AGAIN, add_again::kRefreshesPlace);
    const bool by_expiry = contract_.is(Switch::EVICTION_ORDER, eviction_order::kExpiry);
    if (refreshes || (updates && by_expiry)) move_to_place(of, added);
    return;
  }

  const Key under = key(world_.session(added).contents);
  const std::optional<int> replaced = linked_under(world_, of, under);
  if (!replaced) return stop({kUnknownId, true});
  ++world_.session(added).library;
  const bool any_order = contract_.is(Switch::FLUSH_ORDER, flush_order::kUnordered);
  if (any_order && of.on_remove == kOnRemoveDo && *replaced != kNone && outgrown(world_, of)) {
    return stop({kUnknownOrder, true});
  }
  if (*replaced != kNone) {
    unlink(of, *replaced);
    if (!contract_.hazards.has(Hazard::REPLACE_SILENT)) call_back(of, *replaced);
    --world_.session(*replaced).library;
  }
  if (updates) world_.session(added).contents.time = world_.now;
  while (!stopped() && is_full(world_, of) && !of.cache.empty()) {
    const std::optional<int> evicted = next_evicted(world_, of);
    if (!evicted) return stop({kUnknownTime, true});
    unlink(of, *evicted);
    call_back(of, *evicted);
    --world_.session(*evicted).library;
  }
  --world_.session(added).library;
  if (!of.links(added)) link(of, added, under);
}

void Simulation::link(Context& of, int session, const Key& under) {
  of.cache.push_back({session, under});
  ++world_.session(session).caches;
}

void Simulation::unlink(Context& of, int session) {
  of.cache.erase(of.find(session));
  --world_.session(session).caches;
  ++world_.session(session).library;
}

void Simulation::remove(Context& of, int argument) {
  if (contract_.is(Switch::CACHE_ADDS, cache_adds::kCopy)) return remove_copy(of, argument);
  world_.session(argument).fresh = false;
  int removed = of.links(argument) ? argument : kNone;
  if (removed == kNone && contract_.is(Switch::REMOVE_MATCHES, remove_matches::kKey)) {
    const std::optional<int> found =
        linked_under(world_, of, key(world_.session(argument).contents));
    if (!found) return stop({kUnknownId, true});
    removed = *found;
  }
  if (removed != kNone) unlink(of, removed);
  if (contract_.hazards.has(Hazard::REMOVE_CALLBACK_ALWAYS)) {
    call_back(of, argument);
  } else if (removed != kNone) {
    call_back(of, removed);
  }
  if (removed != kNone) --world_.session(removed).library;
}

void Simulation::flush(Context& of, std::int64_t time) {
  if (contract_.is(Switch::FLUSH, flush::kNothing)) return;
  const bool order_matters = of.on_remove == kOnRemoveDo;
  const std::optional<std::vector<int>> leaving = flushed(world_, of, time, order_matters);
  if (!leaving) return stop({kUnknownTime, true});
  if (order_matters && leaving->size() > 1 &&
      contract_.is(Switch::FLUSH_ORDER, flush_order::kUnordered)) {
    return stop({kUnknownOrder, true});
  }
  const bool one_by_one = !contract_.is(Switch::FLUSH_ORDER, flush_order::kCallbacksFirst);
  std::vector<int> called_back;
  for (const int session : *leaving) {
    if (stopped() || !of.links(session)) continue;
    unlink(of, session);
    call_back(of, session);
    if (one_by_one) {
      --world_.session(session).library;
    } else {
      called_back.push_back(session);
    }
  }
  for (const int session : called_back) --world_.session(session).library;
}

// SSL_CTX_sess_set_get_cb(3): the remove callback "also happens for all sessions in the internal
// session cache when SSL_CTX_free(3) is called".
void Simulation::bury_if_dead(Context& of) {
  if (of.application > 0 || of.connections > 0) return;
  flush(of, 0);
  of.alive = false;
  const int index = static_cast<int>(&of - world_.contexts.data());
  for (Session& session : world_.sessions) {
    if (session.bound_to == index) session.bound_to = kNone;
  }
  for (Context& other : world_.contexts) {
    if (other.named == index) other.named = kGone;
  }
}

}  // namespace lastref::rules
