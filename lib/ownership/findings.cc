#include "lib/ownership/findings.h"

#include <algorithm>

#include "lib/ownership/stacks.h"

namespace lastref::ownership {
namespace {

using Past = std::array<const Reference*, LASTREF_LEDGER_REMEMBERED>;

// The latest references that the owner released, the oldest first; how many they are.
std::size_t latest_of(const Shard& shard, const Object& object, Holder who, Past& past) {
  std::size_t count = 0;
  shard.for_each_remembered(object, [&](const Reference& reference) {
    if (!reference.is_of(who)) return;
    if (count == past.size()) {
      if (reference.released.when < past[0]->released.when) return;
      std::copy(past.begin() + 1, past.end(), past.begin());
      --count;
    }
    std::size_t place = count++;
    for (; place > 0 && past[place - 1]->released.when > reference.released.when; --place) {
      past[place] = past[place - 1];
    }
    past[place] = &reference;
  });
  return count;
}

void add_candidate(lastref_ledger_finding& finding, const Reference& past) {
  finding.candidates[finding.candidate_count++] = {shown(past.acquired), shown(past.released)};
  finding.released_from = shown(past.released).site;
}

// A cache before a connection before anybody else: who is left with a dangling link says more than
// that the object went too early.
int rank(lastref_owner_kind kind) {
  return kind == LASTREF_OWNER_CACHE ? 2 : kind == LASTREF_OWNER_CONNECTION ? 1 : 0;
}

const Reference* worst_holder(const Shard& shard, const Object& object) {
  const Reference* worst = nullptr;
  shard.for_each_live(object, [&worst](const Reference& held) {
    if (worst == nullptr || rank(held.kind) > rank(worst->kind)) worst = &held;
  });
  return worst;
}

}  // namespace

constinit Findings findings;

void Findings::add(const lastref_ledger_finding& finding) {
  const Lock lock(lock_);
  if (count_ < kept_.size()) kept_[count_] = finding;
  ++count_;
}

std::size_t Findings::copy(lastref_ledger_finding* out, std::size_t capacity) {
  const Lock lock(lock_);
  const std::size_t copied = std::min({capacity, count_, kept_.size()});
  std::copy_n(kept_.begin(), copied, out);
  return copied;
}

std::size_t Findings::count() {
  const Lock lock(lock_);
  return count_;
}

lastref_moment shown(Moment moment) {
  const Place place = place_of(moment.where);
  return {place.site, place.stack, moment.sequence(), moment.thread()};
}

lastref_owner shown(Holder holder, const lastref_moment& moment) {
  return {holder.kind, holder.id, moment.site, holder.name};
}

lastref_ledger_verdict accuse(lastref_ledger_verdict verdict, Shard& shard, Object& object,
                              const Charge& charge) {
  if (object.incomplete) return LASTREF_LEDGER_UNKNOWN;
  lastref_ledger_finding finding{};
  finding.verdict = verdict;
  finding.object = object.address;
  finding.moment = shown(charge.moment);
  finding.owner = shown(charge.who, finding.moment);
  finding.event = object.events;
  finding.outstanding = object.outstanding();
  finding.count = charge.count;
  finding.consequence = object.accused ? 1 : 0;
  if (charge.candidate != nullptr) add_candidate(finding, *charge.candidate);
  if (charge.release) {
    Past past{};
    const std::size_t count = latest_of(shard, object, charge.who, past);
    for (std::size_t i = 0; i < count; ++i) add_candidate(finding, *past[i]);
    if (count > 0) finding.verdict = verdict = LASTREF_LEDGER_DOUBLE_FREE;
  }
  object.accused = true;
  findings.add(finding);
  return verdict;
}

bool dangles(const Shard& shard, const Object& object) {
  const Reference* holder = worst_holder(shard, object);
  return holder != nullptr && rank(holder->kind) > 0;
}

lastref_ledger_verdict accuse_of_loss(Shard& shard, Object& object, Moment moment) {
  const Reference* held = worst_holder(shard, object);
  if (held == nullptr) return LASTREF_LEDGER_OK;
  lastref_ledger_verdict verdict = LASTREF_LEDGER_EARLY_FREE;
  if (held->kind == LASTREF_OWNER_CACHE) verdict = LASTREF_LEDGER_DANGLING_CACHE;
  if (held->kind == LASTREF_OWNER_CONNECTION) verdict = LASTREF_LEDGER_DANGLING_CONNECTION;
  return accuse(verdict, shard, object, {.who = held->holder(), .moment = moment});
}

}  // namespace lastref::ownership
