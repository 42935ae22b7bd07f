// Steps on the cache of a library that copies sessions into entries of the context's own, and gives
// out copies of them. Sources: mbedtls/ssl_cache.h; mbedtls/ssl.h,
// mbedtls_ssl_conf_session_cache(); the comments of library/ssl_cache.c.
//
// An entry's age is the cache's affair: it counts from when the entry was filled, whatever time the
// session in it has.

#include <algorithm>
#include <cstring>

#include "harness/model/stepper.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

const ByteValue* id_of(std::uint32_t of) {
  const auto ids = byte_values(OperandKind::kId);
  const auto found = std::ranges::find(ids, of, &ByteValue::fingerprint);
  return found == ids.end() ? nullptr : &*found;
}

// Whether an id is the beginning of a longer one, or might be: of one that came out of damaged
// bytes only the fingerprint is known.
bool may_begin(std::uint32_t id, std::uint32_t longer) {
  if (id == longer) return false;
  const ByteValue* head = id_of(id);
  const ByteValue* whole = id_of(longer);
  if (head == nullptr || whole == nullptr) return true;
  return head->size < whole->size && std::memcmp(head->data, whole->data, head->size) == 0;
}

}  // namespace

std::span<CacheEntry> Stepper::entries(std::uint8_t context) {
  return std::span(state_.entries[context]).first(state_.contexts[context].count);
}

// "A timeout of 0 indicates no timeout."
bool Stepper::outdated(const ContextState& context, const CacheEntry& entry) const {
  return context.timeout != 0 && state_.now - entry.since > context.timeout;
}

// The entry that an added session is to be copied into; NULL when the cache takes none. Its own,
// else one that has expired, else a new one, else the oldest.
CacheEntry* Stepper::entry_for(std::uint8_t context, const Contents& added) {
  ContextState& of = state_.contexts[context];
  const std::span<CacheEntry> all = entries(context);
  const auto same = [&](const CacheEntry& entry) { return entry.contents.id == added.id; };
  const auto expired = [&](const CacheEntry& entry) { return outdated(of, entry); };
  auto found = std::ranges::find_if(all, same);
  const auto vacant = std::ranges::find_if(all, expired);
  if (found == all.end() || hazard(Hazard::DUPLICATE_ENTRIES)) found = std::min(found, vacant);
  if (found != all.end()) {
    if (expired(*found)) found->since = state_.now;  // else "keep timestamp for session id"
    return &*found;
  }
  const bool unlimited =
      of.cache_size == 0 && contract_.is(Switch::CACHE_SIZE_ZERO, cache_size_zero::kUnlimited);
  CacheEntry* taken = nullptr;
  if (unlimited || of.count < of.cache_size) {
    taken = &state_.entries[context][of.count++];
  } else if (of.count > 0) {
    taken = &*std::ranges::min_element(all, {}, &CacheEntry::since);
  }
  if (taken != nullptr) taken->since = state_.now;
  return taken;
}

Legality Stepper::add_entry(const Operation& operation, Number added) {
  const std::uint8_t number = operation.operand[0];
  SessionState& adding = session(added);
  if (state_.contexts[number].count >= kMaxEntries) return Legality::kTooMany;
  if (hazard(Hazard::PREFIX_ID)) {
    for (const CacheEntry& entry : entries(number)) {
      if (may_begin(entry.contents.id, adding.contents.id)) return Legality::kHazard;
    }
  }
  adding.fresh = 0;
  CacheEntry* entry = entry_for(number, adding.contents);
  expected_.result = entry != nullptr ? 1 : 0;
  if (entry != nullptr) entry->contents = adding.contents;
  return Legality::kLegal;
}

// Fills a session with what the cache has under its id, if that has not expired.
Legality Stepper::lookup(const Operation& operation) {
  const std::uint8_t number = operation.operand[0];
  if (const Legality legality = context_operand(number); legality != Legality::kLegal) {
    return legality;
  }
  Number wanted = kNobody;
  if (const Legality legality = use(operation.operand[1], wanted); legality != Legality::kLegal) {
    return legality;
  }
  if (!has_entries()) return Legality::kNoObject;
  SessionState& filled = session(wanted);
  filled.fresh = 0;
  expected_.result = 0;
  for (const CacheEntry& entry : entries(number)) {
    if (entry.contents.id != filled.contents.id) continue;
    if (outdated(state_.contexts[number], entry)) continue;
    filled.contents = entry.contents;
    expected_.result = 1;
    break;
  }
  return Legality::kLegal;
}

}  // namespace lastref
