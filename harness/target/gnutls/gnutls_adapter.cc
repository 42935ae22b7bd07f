// The adapter of GnuTLS: how the library gets its memory, what it claims, and in what it differs.
#include <gmp.h>
#include <gnutls/gnutls.h>

#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "harness/target/gnutls/connection.h"
#include "harness/target/gnutls/context.h"
#include "harness/target/gnutls/credentials.h"
#include "harness/target/gnutls/session.h"
#include "harness/target/shared/imports.h"

// As GNUTLS_SKIP_GLOBAL_INIT has it: the library asks when it is loaded, and then takes no memory
// before start() has given it some.
extern "C" __attribute__((visibility("default"))) int skip_global_init() __asm__(
    "_gnutls_global_init_skip");
int skip_global_init() { return 1; }

namespace lastref::gnutls {

namespace {

// Where no file can be: what the machine is set up to allow is none of a program's business.
constexpr const char* kNoFile = "/dev/null/none";

// Of GMP, which has no way to say that memory is short: its numbers are not looked at. Left alone,
// it would take them from the C library, and GnuTLS would give them back to the host.
void* allocate_number(std::size_t bytes) noexcept {
  void* block = std::malloc(bytes);
  if (block == nullptr) std::abort();
  return block;
}
void* reallocate_number(void* block, std::size_t, std::size_t bytes) noexcept {
  block = std::realloc(block, bytes);
  if (block == nullptr) std::abort();
  return block;
}
void release_number(void* block, std::size_t) noexcept { std::free(block); }

// gnutls_global_set_mem_functions() has no effect since 3.3: the library takes its memory from
// the C library, by calls and through gnutls_malloc() and its like, which are variables that the
// loader fills. Those that it calls itself keep to what they allocate.
bool install_allocator() {
  const std::array<Import, 4> imports = {{
      {"malloc", std::bit_cast<const void*>(&copying::allocate)},
      {"calloc", std::bit_cast<const void*>(&copying::allocate_zeroed)},
      {"realloc", std::bit_cast<const void*>(&copying::reallocate)},
      {"free", std::bit_cast<const void*>(&copying::release_block)},
  }};
  return replace_imports(std::bit_cast<const void*>(&gnutls_init), imports) >=
         static_cast<int>(imports.size());
}

int start(const lastref_host* from, char* error, std::size_t error_size) {
  host = from;
  if (!install_allocator()) {
    std::snprintf(error, error_size,
                  "found no malloc, calloc, realloc and free among what GnuTLS imports, expected a "
                  "shared library that takes its memory from the C library; one that is built in, "
                  "or with an allocator of its own, cannot be observed");
    return -1;
  }
  mp_set_memory_functions(allocate_number, reallocate_number, release_number);
  setenv("GNUTLS_SYSTEM_PRIORITY_FILE", kNoFile, 1);
  if (gnutls_global_init() == 0 && make_credentials() && warm_up()) return 0;
  std::snprintf(error, error_size, "GnuTLS could not make a first connection");
  return -1;
}

const char* version() {
  static std::array<char, 32> text{};
  if (text[0] == 0) {
    std::snprintf(text.data(), text.size(), "GnuTLS %s", gnutls_check_version(nullptr));
  }
  return text.data();
}

// Nothing is kept for the thread but what warm_up() has made.
void quiesce() {}

// A session is data that handshakes make, which has a time and nothing else to ask for. The cache
// is a database of the application's, which nothing adds to or asks but handshakes.
constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_CONTEXT | LASTREF_CAN_CONNECTION | LASTREF_CAN_HANDSHAKE |
    LASTREF_CAN_TLS13 | LASTREF_CAN_TICKETS | LASTREF_CAN_COPY_SESSION | LASTREF_CAN_REMOVE_OWN |
    LASTREF_CAN_CLOCK | LASTREF_SEES_BLOCKS | LASTREF_CAN_DAMAGE_FLIGHTS | LASTREF_CAN_FAIL_RANDOM |
    LASTREF_CAN_FAIL_LOCK;

// Each measured; what is not named is as the defaults say.
constexpr lastref_switch kSwitches[] = {
    {"cache-key", "id"},
    {"cache-adds", "entry"},
    {"expired-entries", "kept"},
    {"zero-entry-timeout", "at-once"},
    {"cache-size", "0"},
    {"set-session", "unseen"},
    {"set-session-empty", "refused"},
    {"set-session-null", "refused"},
    {"set-session-late", "undefined"},
    {"one-context", "free"},
    {"new-timeout", "0"},
    {"new-time", "zero"},
    {"new-version", "0"},
    {"context-timeout", "21600"},
    {"longest-default-timeout", "604800"},
    {"connection-settings", "at-birth"},
    {"protocol", "771"},
    {"refusal", "before-lookup"},
    {"ticket-age", "of-context"},
    {"ticket-keys", "of-timeout"},
    {"ticket-session-id", "chosen"},
    {"ticketless-copy", "dummy"},
    {"resumed-lifetime", "of-first"},
    {"stateful-tickets", "no"},
    {"single-use", "no"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "gnutls",
    .capabilities = kCapabilities,
    .switches = kSwitches,
    .switch_count = sizeof kSwitches / sizeof *kSwitches,
    .start = start,
    .version = version,
    .perform = copying::perform<perform_session, perform_context, perform_connection>,
    .view_session = view_session,
    .view_context = view_context,
    .reset_context = reset_context,
    .quiesce = quiesce,
};

}  // namespace
}  // namespace lastref::gnutls

const lastref_target* lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? &lastref::gnutls::kTarget : nullptr;
}
