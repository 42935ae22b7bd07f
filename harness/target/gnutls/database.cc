#include "harness/target/gnutls/database.h"

#include <cstring>
#include <new>

namespace lastref::gnutls {
namespace {

bool is(const Entry& entry, const gnutls_datum_t& key) {
  return entry.id.size == key.size && std::memcmp(entry.id.bytes.data(), key.data, key.size) == 0;
}

// The place of the pointer to the entry, or of the pointer behind the last one.
Entry** find(Database& database, const gnutls_datum_t& key) {
  Entry** at = &database.entries;
  while (*at != nullptr && !is(**at, key)) at = &(*at)->next;
  return at;
}

// From gnutls_malloc(), as the library wants what it is given. No data when memory is short.
gnutls_datum_t copy(const gnutls_datum_t& of) {
  auto* bytes = static_cast<unsigned char*>(gnutls_malloc(of.size));
  if (bytes == nullptr) return {nullptr, 0};
  std::memcpy(bytes, of.data, of.size);
  return {bytes, of.size};
}

void end(Entry* entry) {
  gnutls_free(entry->data.data);
  host->release(entry);
}

// "This function must return 0 on success", as the one to remove.
int store(void* of, gnutls_datum_t key, gnutls_datum_t data) noexcept {
  gnutls_datum_t kept = copy(data);
  void* block = kept.data == nullptr ? nullptr : copying::allocate(sizeof(Entry));
  if (block == nullptr) {
    gnutls_free(kept.data);
    return -1;
  }
  Entry** at = find(*static_cast<Database*>(of), key);
  Entry* replaced = *at;
  *at = new (block) Entry{replaced == nullptr ? nullptr : replaced->next, id_of(key), kept};
  if (replaced != nullptr) end(replaced);
  return 0;
}

gnutls_datum_t retrieve(void* of, gnutls_datum_t key) noexcept {
  const Entry* found = *find(*static_cast<Database*>(of), key);
  return found == nullptr ? gnutls_datum_t{nullptr, 0} : copy(found->data);
}

int remove(void* of, gnutls_datum_t key) noexcept {
  Entry** at = find(*static_cast<Database*>(of), key);
  Entry* removed = *at;
  if (removed == nullptr) return -1;
  *at = removed->next;
  end(removed);
  return 0;
}

}  // namespace

void use_database(gnutls_session_t server, Database& database) {
  gnutls_db_set_ptr(server, &database);
  gnutls_db_set_store_function(server, store);
  gnutls_db_set_retrieve_function(server, retrieve);
  gnutls_db_set_remove_function(server, remove);
}

std::int64_t count_entries(const Database& database) {
  std::int64_t count = 0;
  for (const Entry* entry = database.entries; entry != nullptr; entry = entry->next) ++count;
  return count;
}

void remove_entries(Database& database) {
  while (database.entries != nullptr) {
    Entry* removed = database.entries;
    database.entries = removed->next;
    end(removed);
  }
}

}  // namespace lastref::gnutls
