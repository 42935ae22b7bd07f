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

// Whether the id of an entry is the beginning of a longer one, or might be. One that no program
// gave is a handshake's, as long as ids are, or came out of damaged bytes.
bool may_begin(const Contents& entry, const Contents& added) {
  if (entry.id == added.id) return false;
  // The bytes of an id that it had may still be there.
  if (added.id == kEmptyFingerprint && added.negotiated != 0) return true;
  const ByteValue* head = id_of(entry.id);
  if (head == nullptr) return entry.unknown != 0;
  if (head->size == kMaxIdLength) return false;
  const ByteValue* whole = id_of(added.id);
  if (whole == nullptr) return true;
  return head->size < whole->size && std::memcmp(head->data, whole->data, head->size) == 0;
}

}  // namespace

std::span<CacheEntry> Stepper::entries(std::uint8_t context) {
  return std::span(state_.entries[context]).first(state_.contexts[context].count);
}

// "A timeout of 0 indicates no timeout", where the contract has it so.
bool Stepper::outdated(std::int64_t timeout, const CacheEntry& entry) const {
  const bool endless =
      timeout == 0 && contract_.is(Switch::ZERO_ENTRY_TIMEOUT, zero_entry_timeout::kEndless);
  return !endless && state_.now - entry.since > timeout;
}

// The entry that an added session is to be copied into; NULL when the cache takes none. Its own,
// else one that has expired, else a new one, else the oldest.
CacheEntry* Stepper::entry_for(std::uint8_t context, const Contents& added) {
  ContextState& of = state_.contexts[context];
  const std::span<CacheEntry> all = entries(context);
  const auto same = [&](const CacheEntry& entry) { return entry.contents.id == added.id; };
  const bool reuses = contract_.is(Switch::EXPIRED_ENTRIES, expired_entries::kReused);
  const auto expired = [&](const CacheEntry& entry) {
    return reuses && outdated(of.timeout, entry);
  };
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
  if (const Legality l = may_store(number, adding.contents); l != Legality::kLegal) return l;
  adding.fresh = 0;
  expected_.result = store(number, adding.contents) ? 1 : 0;
  return Legality::kLegal;
}

Legality Stepper::may_store(std::uint8_t context, const Contents& contents) {
  if (state_.contexts[context].count >= kMaxEntries) return Legality::kTooMany;
  if (!hazard(Hazard::PREFIX_ID)) return Legality::kLegal;
  for (const CacheEntry& entry : entries(context)) {
    if (may_begin(entry.contents, contents)) return Legality::kHazard;
  }
  return Legality::kLegal;
}

bool Stepper::store(std::uint8_t context, const Contents& contents) {
  CacheEntry* entry = entry_for(context, contents);
  if (entry == nullptr) return false;
  entry->contents = contents;
  return true;
}

const CacheEntry* Stepper::entry_of(std::uint8_t context, std::uint32_t id, std::int64_t timeout) {
  for (const CacheEntry& entry : entries(context)) {
    if (entry.contents.id == id && !outdated(timeout, entry)) return &entry;
  }
  return nullptr;
}

// Those behind it move up.
void Stepper::remove_entry(std::uint8_t context, std::uint32_t id) {
  const std::span<CacheEntry> all = entries(context);
  const auto found =
      std::ranges::find(all, id, [](const CacheEntry& entry) { return entry.contents.id; });
  if (found == all.end()) return;
  std::copy(std::next(found), all.end(), found);
  --state_.contexts[context].count;
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
  const CacheEntry* found = entry_of(number, filled.contents.id, state_.contexts[number].timeout);
  expected_.result = found != nullptr ? 1 : 0;
  if (found != nullptr) filled.contents = found->contents;
  return Legality::kLegal;
}

}  // namespace lastref
