// The adapter of mbed TLS: how the library gets its memory, what it claims, and in what it differs.
#include <mbedtls/md.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <array>
#include <bit>
#include <cstdio>

#include "harness/target/mbedtls/connection.h"
#include "harness/target/mbedtls/context.h"
#include "harness/target/mbedtls/credentials.h"
#include "harness/target/mbedtls/session.h"
#include "harness/target/shared/imports.h"

namespace lastref::mbedtls {

namespace {

// Debian's build has no mbedtls_platform_set_calloc_free(). The library takes calloc() and free()
// from the C library, in each of its three parts.
bool install_allocator() {
  const std::array<Import, 2> imports = {{
      {"calloc", std::bit_cast<const void*>(&copying::allocate_zeroed)},
      {"free", std::bit_cast<const void*>(&copying::release_block)},
  }};
  const std::array<const void*, 3> parts = {
      std::bit_cast<const void*>(&mbedtls_ssl_init),
      std::bit_cast<const void*>(&mbedtls_x509_crt_init),
      std::bit_cast<const void*>(&mbedtls_md_info_from_type),
  };
  for (const void* part : parts) {
    if (replace_imports(part, imports) < static_cast<int>(imports.size())) return false;
  }
  return true;
}

int start(const lastref_host* from, char* error, std::size_t error_size) {
  host = from;
  if (install_allocator()) {
    if (make_credentials() && warm_up()) return 0;
    std::snprintf(error, error_size, "mbed TLS could not make a first connection");
    return -1;
  }
  std::snprintf(error, error_size,
                "found no calloc and free among what the libraries of mbed TLS import, expected "
                "shared libraries that take their memory from the C library; one that is built in, "
                "or with an allocator of its own, cannot be observed");
  return -1;
}

const char* version() {
  static std::array<char, 32> text{};
  if (text[0] == 0) mbedtls_version_get_string_full(text.data());
  return text.data();
}

// Nothing is kept for the thread.
void quiesce() {}

// No references are counted, and no session has a timeout, an id context or ex_data. The time is a
// new session's when a handshake sets it. An entry leaves a cache by its age, for another or with
// the cache, and by no call.
constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_DUP | LASTREF_CAN_SET_ID | LASTREF_CAN_TIME |
    LASTREF_CAN_TICKET | LASTREF_CAN_SET_TICKET | LASTREF_CAN_I2D | LASTREF_CAN_D2I |
    LASTREF_CAN_CONTEXT | LASTREF_CAN_OWN_CACHE | LASTREF_CAN_LOOKUP | LASTREF_CAN_CONNECTION |
    LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TICKETS | LASTREF_CAN_COPY_SESSION | LASTREF_CAN_CLOCK |
    LASTREF_SEES_BLOCKS | LASTREF_CAN_DAMAGE_FLIGHTS | LASTREF_CAN_FAIL_RANDOM;

// Each measured; what is not named is as the defaults say.
constexpr lastref_switch kSwitches[] = {
    {"cache-key", "id"},
    {"cache-adds", "entry"},
    {"flush", "nothing"},
    {"cache-size-zero", "nothing"},
    {"cache-full", "zero"},
    {"set-session", "unseen"},
    {"set-session-null", "refused"},
    {"set-session-late", "undefined"},
    {"one-context", "free"},
    {"d2i-failure", "keeps"},
    {"d2i-zero", "kept"},
    {"update-time-on-add", "no"},
    {"new-timeout", "0"},
    {"new-time", "zero"},
    {"new-version", "0"},
    {"context-timeout", "86400"},
    {"negative-default-timeout", "zero"},
    {"cache-size", "50"},
    {"protocol", "771"},
    {"ticket-on-resumption", "yes"},
    {"bad-session", "kept"},
    {"refusal", "before-lookup"},
    {"ticket-hello-id", "random"},
    {"failed-session", "kept"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "mbedtls",
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
}  // namespace lastref::mbedtls

const lastref_target* lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? &lastref::mbedtls::kTarget : nullptr;
}
