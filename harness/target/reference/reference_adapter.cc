// The adapter of lib/session. One translation unit: perform() is one switch, a case for each row of
// the operation table.
#include <lastref/session.h>
#include <lastref/target_abi.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "harness/target/reference/reference_contexts.h"
#include "harness/target/reference/reference_memory.h"
#include "harness/target/reference/reference_refusal.h"

namespace {

using lastref::reference::new_context, lastref::reference::perform_handshake;
using lastref::reference::reset_context, lastref::reference::view_context;
using lastref::reference::watch_servername;

const lastref_host* host = nullptr;
int ex_index = -1;

// Lends encodings and keys until the next perform().
std::array<unsigned char, std::size_t{1} << 19> buffer;
static_assert(sizeof buffer > std::size_t{4} * LR_MAX_BYTES_LENGTH + 1024);

void on_ex_new(void* parent, void*, LR_EX_DATA*, int, long, void*) { host->born(parent); }
void on_ex_free(void* parent, void*, LR_EX_DATA*, int, long, void*) {
  lastref::reference::note_destruction();
  host->died(parent);
}

lastref_reply ask(std::uint32_t kind, LR_CTX* context, LR_SSL* connection, LR_SESSION* session,
                  const unsigned char* id, std::size_t id_length) {
  lastref_reply reply{};
  reply.size = sizeof reply;
  host->callback(kind, context, connection, session, id, id_length, &reply);
  return reply;
}

int on_new(LR_SSL* connection, LR_SESSION* session) {
  return ask(LASTREF_CALLBACK_NEW, nullptr, connection, session, nullptr, 0).value;
}

LR_SESSION* on_get(LR_SSL* connection, const unsigned char* id, int length, int* copy) {
  const lastref_reply reply =
      ask(LASTREF_CALLBACK_GET, nullptr, connection, nullptr, id, static_cast<std::size_t>(length));
  if (reply.value != 0) *copy = reply.copy;
  return static_cast<LR_SESSION*>(reply.session);
}

void on_remove(LR_CTX* context, LR_SESSION* session) {
  ask(LASTREF_CALLBACK_REMOVE, context, nullptr, session, nullptr, 0);
}

int on_servername(LR_SSL* connection, int*, void* context) {
  const lastref_reply reply = ask(LASTREF_CALLBACK_SERVERNAME, static_cast<LR_CTX*>(context),
                                  connection, nullptr, nullptr, 0);
  if (reply.context == nullptr) return LR_TLSEXT_ERR_NOACK;
  lr_SSL_set_SSL_CTX(connection, static_cast<LR_CTX*>(reply.context));
  return LR_TLSEXT_ERR_OK;
}

int start(const lastref_host* lent, char* error, std::size_t error_size) {
  host = lent;
  if (const char* wrong = lastref::reference::install_memory(*host); wrong != nullptr) {
    std::snprintf(error, error_size, "%s", wrong);
    return -1;
  }
  ex_index = lr_SESSION_get_ex_new_index(0, nullptr, on_ex_new, lastref::reference::copy_value,
                                         on_ex_free);
  if (ex_index == 0) return 0;
  std::snprintf(error, error_size, "the library has no ex_data index left");
  return -1;
}

void lend(lastref_result& result, const void* bytes, std::size_t length) {
  result.bytes = static_cast<const std::uint8_t*>(bytes);
  result.length = length;
}

void encode(const LR_SESSION* session, lastref_result& result) {
  unsigned char* end = buffer.data();
  result.value = lr_i2d_SESSION(session, &end);
  // What was written: a library that counts wrong says something else in the value.
  if (result.value > 0) lend(result, buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

void encode_allocating(const LR_SESSION* session, lastref_result& result) {
  unsigned char* block = nullptr;
  result.value = lr_i2d_SESSION(session, &block);
  if (block == nullptr) return;
  const auto length = std::min(static_cast<std::size_t>(result.value), sizeof buffer);
  std::memcpy(buffer.data(), block, length);
  lr_free(block);
  lend(result, buffer.data(), length);
}

void decode(const lastref_call& call, lastref_result& result) {
  const unsigned char* in = call.bytes;
  const auto length = static_cast<long>(call.length);
  auto* session = static_cast<LR_SESSION*>(call.session);
  switch (call.operation) {
    case LASTREF_OP_D2I:
      result.object = lr_d2i_SESSION(nullptr, &in, length);
      break;
    case LASTREF_OP_D2I_FRESH:
      // The variable and not the return value is what the application goes on with.
      session = nullptr;
      lr_d2i_SESSION(&session, &in, length);
      result.object = session;
      break;
    default:
      result.object = lr_d2i_SESSION(&session, &in, length);
      // After a failure: whether the caller's variable still holds the object.
      result.value = session != nullptr ? 1 : 0;
  }
  result.bytes = in;
}

int perform(const lastref_call* of, lastref_result* to) {
  const lastref_call& call = *of;
  lastref_result& result = *to;
  auto* session = static_cast<LR_SESSION*>(call.session);
  auto* context = static_cast<LR_CTX*>(call.context);
  auto* connection = static_cast<LR_SSL*>(call.connection);
  const auto number = static_cast<long>(call.value);
  const auto length = static_cast<unsigned>(call.length);
  unsigned size = 0;
  const unsigned char* bytes = nullptr;
  void* data = nullptr;
  switch (call.operation) {
    // Sessions: life
    case LASTREF_OP_SESSION_NEW:
      result.object = lr_SESSION_new();
      return 0;
    case LASTREF_OP_SESSION_NEW_WITH_ID:
      session = lr_SESSION_new();
      if (session == nullptr) return 0;
      result.object = lr_SESSION_set1_id(session, call.bytes, length) == 1 ? session : nullptr;
      if (result.object == nullptr) lr_SESSION_free(session);
      return 0;
    case LASTREF_OP_SESSION_DUP:
      result.object = lr_SESSION_dup(session);
      return 0;
    case LASTREF_OP_DUP_REFUSED:
      result.value = lastref::reference::dup_refused(session);
      return 0;
    case LASTREF_OP_SESSION_UP_REF:
      result.value = lr_SESSION_up_ref(session);
      return 0;
    case LASTREF_OP_SESSION_FREE:
      lr_SESSION_free(session);
      return 0;
    // Setters
    case LASTREF_OP_SET_ID:
      result.value = lr_SESSION_set1_id(session, call.bytes, length);
      return 0;
    case LASTREF_OP_SET_ID_CONTEXT:
      result.value = lr_SESSION_set1_id_context(session, call.bytes, length);
      return 0;
    case LASTREF_OP_SET_TIME:
      result.value = lr_SESSION_set_time(session, number);
      return 0;
    case LASTREF_OP_SET_TIMEOUT:
      result.value = lr_SESSION_set_timeout(session, number);
      return 0;
    case LASTREF_OP_SET_HOSTNAME:
      result.value = lr_SESSION_set1_hostname(session, reinterpret_cast<const char*>(call.bytes));
      return 0;
    case LASTREF_OP_SET_ALPN:
      result.value = lr_SESSION_set1_alpn_selected(session, call.bytes, call.length);
      return 0;
    case LASTREF_OP_SET_TICKET:
      result.value = lr_SESSION_set1_ticket(session, call.bytes, call.length);
      return 0;
    case LASTREF_OP_SET_APPDATA:
      result.value = lr_SESSION_set1_ticket_appdata(session, call.bytes, call.length);
      return 0;
    case LASTREF_OP_SET_MASTER_KEY:
      result.value = lr_SESSION_set1_master_key(session, call.bytes, call.length);
      return 0;
    case LASTREF_OP_SET_EX_DATA:
      // NOLINTNEXTLINE(performance-no-int-to-ptr): a token, nobody reads through it
      data = reinterpret_cast<void*>(std::intptr_t{number});
      result.value = lr_SESSION_set_ex_data(session, ex_index, data);
      return 0;
    case LASTREF_OP_SET_VERSION:
      result.value = lr_SESSION_set_protocol_version(session, static_cast<int>(number));
      return 0;
    // Getters
    case LASTREF_OP_GET_ID:
      bytes = lr_SESSION_get_id(session, &size);
      lend(result, bytes, size);
      return 0;
    case LASTREF_OP_GET_ID_CONTEXT:
      bytes = lr_SESSION_get0_id_context(session, &size);
      lend(result, bytes, size);
      return 0;
    case LASTREF_OP_GET_TIME:
      result.value = lr_SESSION_get_time(session);
      return 0;
    case LASTREF_OP_GET_TIMEOUT:
      result.value = lr_SESSION_get_timeout(session);
      return 0;
    case LASTREF_OP_GET_HOSTNAME:
      if (const char* hostname = lr_SESSION_get0_hostname(session)) {
        lend(result, hostname, std::strlen(hostname));
      }
      return 0;
    case LASTREF_OP_GET_ALPN:
      lr_SESSION_get0_alpn_selected(session, &result.bytes, &result.length);
      return 0;
    case LASTREF_OP_GET_TICKET:
      lr_SESSION_get0_ticket(session, &result.bytes, &result.length);
      return 0;
    case LASTREF_OP_GET_APPDATA:
      result.value = lr_SESSION_get0_ticket_appdata(session, &data, &result.length);
      result.bytes = static_cast<const std::uint8_t*>(data);
      return 0;
    case LASTREF_OP_GET_MASTER_KEY:
      result.value = static_cast<std::int64_t>(
          lr_SESSION_get_master_key(session, buffer.data(), LR_MAX_MASTER_KEY_LENGTH));
      lend(result, buffer.data(), static_cast<std::size_t>(result.value));
      return 0;
    case LASTREF_OP_GET_EX_DATA:
      result.value = reinterpret_cast<std::intptr_t>(lr_SESSION_get_ex_data(session, ex_index));
      return 0;
    case LASTREF_OP_GET_VERSION:
      result.value = lr_SESSION_get_protocol_version(session);
      return 0;
    case LASTREF_OP_IS_RESUMABLE:
      result.value = lr_SESSION_is_resumable(session);
      return 0;
    case LASTREF_OP_HAS_TICKET:
      result.value = lr_SESSION_has_ticket(session);
      return 0;
    // Encoding
    case LASTREF_OP_I2D_LENGTH:
      result.value = lr_i2d_SESSION(session, nullptr);
      return 0;
    case LASTREF_OP_I2D:
      encode(session, result);
      return 0;
    case LASTREF_OP_I2D_ALLOCATE:
      encode_allocating(session, result);
      return 0;
    case LASTREF_OP_D2I:
    case LASTREF_OP_D2I_FRESH:
    case LASTREF_OP_D2I_INTO:
      decode(call, result);
      return 0;
    // Contexts
    case LASTREF_OP_CONTEXT_NEW:
      result.object = new_context();
      return 0;
    case LASTREF_OP_CONTEXT_UP_REF:
      result.value = lr_CTX_up_ref(context);
      return 0;
    case LASTREF_OP_CONTEXT_FREE:
      lr_CTX_free(context);
      return 0;
    case LASTREF_OP_SET_MODE:
      result.value = lr_CTX_set_session_cache_mode(context, number);
      return 0;
    case LASTREF_OP_SET_CACHE_SIZE:
      result.value = lr_CTX_sess_set_cache_size(context, number);
      return 0;
    case LASTREF_OP_SET_DEFAULT_TIMEOUT:
      result.value = lr_CTX_set_timeout(context, number);
      return 0;
    case LASTREF_OP_CACHE_ADD:
      result.value = lr_CTX_add_session(context, session);
      return 0;
    case LASTREF_OP_CACHE_REMOVE:
      result.value = lr_CTX_remove_session(context, session);
      return 0;
    case LASTREF_OP_CACHE_FLUSH:
      lr_CTX_flush_sessions(context, number);
      return 0;
    case LASTREF_OP_GET_NUMBER:
      result.value = lr_CTX_sess_number(context);
      return 0;
    case LASTREF_OP_GET_CACHE_FULL:
      result.value = lr_CTX_sess_cache_full(context);
      return 0;
    case LASTREF_OP_GET_MODE:
      result.value = lr_CTX_get_session_cache_mode(context);
      return 0;
    case LASTREF_OP_GET_CACHE_SIZE:
      result.value = lr_CTX_sess_get_cache_size(context);
      return 0;
    case LASTREF_OP_GET_DEFAULT_TIMEOUT:
      result.value = lr_CTX_get_timeout(context);
      return 0;
    // Callbacks
    case LASTREF_OP_ON_NEW:
      lr_CTX_sess_set_new_cb(context, number != 0 ? on_new : nullptr);
      return 0;
    case LASTREF_OP_ON_GET:
      lr_CTX_sess_set_get_cb(context, number != 0 ? on_get : nullptr);
      return 0;
    case LASTREF_OP_ON_REMOVE:
      lr_CTX_sess_set_remove_cb(context, number != 0 ? on_remove : nullptr);
      return 0;
    // Connections
    case LASTREF_OP_CONNECTION_NEW:
      result.object = lr_SSL_new(context);
      return 0;
    case LASTREF_OP_CONNECTION_FREE:
      lr_SSL_free(connection);
      return 0;
    case LASTREF_OP_CONNECTION_CLEAR:
      result.value = lr_SSL_clear(connection);
      return 0;
    case LASTREF_OP_SET_SESSION:
      result.value = lr_SSL_set_session(connection, session);
      return 0;
    case LASTREF_OP_GET0_SESSION:
      result.object = lr_SSL_get0_session(connection);
      return 0;
    case LASTREF_OP_GET1_SESSION:
      result.object = lr_SSL_get1_session(connection);
      return 0;
    case LASTREF_OP_SET_CONTEXT:
      result.object = lr_SSL_set_SSL_CTX(connection, context);
      return 0;
    // Handshakes
    case LASTREF_OP_ON_SERVERNAME:
      watch_servername(context, number != 0 ? on_servername : nullptr);
      return 0;
    default:
      if (!perform_handshake(call, result)) result.unsupported = 1;
      return 0;
  }
}

// Run for every live session after every operation.
void view_session(const void* session, lastref_session_view* view) {
  const auto* of = static_cast<const LR_SESSION*>(session);
  unsigned length = 0;
  view->id = lr_SESSION_get_id(of, &length);
  view->id_length = length;
  view->id_context = lr_SESSION_get0_id_context(of, &length);
  view->id_context_length = length;
  view->resumable = lr_SESSION_is_resumable(of);
  view->time = lr_SESSION_get_time(of);
  view->timeout = lr_SESSION_get_timeout(of);
  view->ex_data = reinterpret_cast<std::intptr_t>(lr_SESSION_get_ex_data(of, ex_index));
  view->version = lr_SESSION_get_protocol_version(of);
  view->has_ticket = lr_SESSION_has_ticket(of);
  view->hostname = reinterpret_cast<const std::uint8_t*>(lr_SESSION_get0_hostname(of));
  lr_SESSION_get0_alpn_selected(of, &view->alpn, &view->alpn_length);
}

void quiesce() {}

constexpr std::uint64_t kCapabilities =
    LASTREF_CAN_SESSION | LASTREF_CAN_COUNT_REFERENCES | LASTREF_CAN_DUP | LASTREF_CAN_SET_ID |
    LASTREF_CAN_SET_ID_CONTEXT | LASTREF_CAN_TIME | LASTREF_CAN_HOSTNAME | LASTREF_CAN_ALPN |
    LASTREF_CAN_TICKET | LASTREF_CAN_SET_TICKET | LASTREF_CAN_APPDATA | LASTREF_CAN_MASTER_KEY |
    LASTREF_CAN_EX_DATA | LASTREF_CAN_VERSION | LASTREF_CAN_I2D | LASTREF_CAN_I2D_ALLOCATE |
    LASTREF_CAN_D2I | LASTREF_CAN_CONTEXT | LASTREF_CAN_CALLBACKS | LASTREF_CAN_CONNECTION |
    LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TICKET_KEY | LASTREF_CAN_SID_CONTEXT | LASTREF_CAN_CLOCK |
    LASTREF_CAN_NEW_WITH_ID | LASTREF_CAN_SERVERNAME | LASTREF_CAN_TICKETS | LASTREF_CAN_CROWD |
    LASTREF_CAN_FIND_ID | LASTREF_CAN_CALLBACK_HITS | LASTREF_SEES_BLOCKS | LASTREF_SEES_EX_DATA |
    LASTREF_CAN_DAMAGE_FLIGHTS | LASTREF_CAN_FAIL_RANDOM | LASTREF_CAN_FAIL_LOCK |
    LASTREF_CAN_REFUSE_DUP;

constexpr lastref_switch kSwitches[] = {
    {"d2i-zero", "kept"},       {"failed-allocation", "undone"},
    {"callback-calls", "any"},  {"context-calls-in-remove", "allowed"},
    {"master-key-limit", "48"}, {"protocol", "771"},
};

constexpr lastref_target kTarget = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = LASTREF_REFERENCE_NAME,
    .capabilities = kCapabilities,
    .switches = kSwitches,
    .switch_count = sizeof kSwitches / sizeof *kSwitches,
    .start = start,
    .version = lr_version,
    .perform = perform,
    .view_session = view_session,
    .view_context = view_context,
    .reset_context = reset_context,
    .quiesce = quiesce,
};

}  // namespace

const lastref_target* lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? &kTarget : nullptr;
}
