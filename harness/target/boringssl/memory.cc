#include "harness/target/boringssl/memory.h"

#include "harness/target/family/family.h"

namespace lastref::boringssl {
namespace {

std::size_t asked = 0;

}  // namespace

std::size_t allocations() { return asked; }

}  // namespace lastref::boringssl

// The names are BoringSSL's (crypto/mem.c), which refers to them weakly.
#define LASTREF_SEEN_BY_THE_LIBRARY extern "C" __attribute__((visibility("default")))

LASTREF_SEEN_BY_THE_LIBRARY void* OPENSSL_memory_alloc(std::size_t size) {
  ++lastref::boringssl::asked;
  const lastref_host* host = lastref::family::host;
  return host == nullptr ? nullptr : host->allocate(size);
}

LASTREF_SEEN_BY_THE_LIBRARY void OPENSSL_memory_free(void* block) {
  lastref::family::host->release(block);
}

LASTREF_SEEN_BY_THE_LIBRARY std::size_t OPENSSL_memory_get_size(void* block) {
  return lastref::family::host->block_size(block);
}
