#include "bench/raw_calls.h"

#include <openssl/err.h>

#include <algorithm>
#include <bit>

#include "harness/memory/clock.h"

namespace lastref::bench {
namespace {

RawCalls* process_calls = nullptr;

// Results are not looked at; this keeps a getter from being taken for a mistake.
template <typename... Values>
void drop(const Values&...) {}

// Without handshakes these two never run: to be installed is all that they cost.
int on_new(SSL* /*connection*/, SSL_SESSION* /*session*/) { return 0; }
SSL_SESSION* on_get(SSL* /*connection*/, const unsigned char* /*id*/, int /*length*/,
                    int* /*copy*/) {
  return nullptr;
}

int group_of(Op code) { return static_cast<int>(code) / 10; }

}  // namespace

Step step_of(const Operation& operation) {
  const OperationRow& of = row(operation.code);
  Step step;
  step.code = operation.code;
  step.result = operation.result;
  std::size_t variables = 0;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    const std::uint8_t operand = operation.operand[i];
    if (!byte_values(kind).empty()) {
      step.bytes = &byte_values(kind)[operand];
    } else if (!number_values(kind).empty()) {
      step.value = static_cast<long>(number_values(kind)[operand].value);
    } else {
      step.variable[variables++] = operand;
    }
  }
  return step;
}

RawCalls::RawCalls() {
  process_calls = this;
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  ex_index_ = SSL_SESSION_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  SSL* connection = SSL_new(context);
  const unsigned char kEcdheRsaAes128GcmSha256[] = {0xC0, 0x2F};
  cipher_ = SSL_CIPHER_find(connection, kEcdheRsaAes128GcmSha256);
  SSL_free(connection);
  pool_.push_back(context);
}

RawCalls::~RawCalls() {
  for (SSL_CTX* context : pool_) SSL_CTX_free(context);
}

void RawCalls::run(const std::vector<Step>& program) {
  set_virtual_clock(kClockStart);
  handles_.fill(nullptr);
  const Step* const end = program.data() + program.size();
  for (const Step* step = program.data(); step != end; step = next_) {
    next_ = step + 1;
    perform(*step, nullptr);
  }
  if (ERR_peek_error() != 0) ERR_clear_error();
}

void RawCalls::on_remove(SSL_CTX* context, SSL_SESSION* session) {
  for (std::size_t i = 0; i < kMaxContexts; ++i) {
    if (process_calls->contexts_[i] != context) continue;
    if (const Step* body = process_calls->bodies_[i]; body != nullptr) {
      process_calls->perform(*body, session);
    }
    return;
  }
}

void RawCalls::perform(const Step& step, SSL_SESSION* argument) {
  const Op code = step.code;
  const int group = group_of(code);
  if (group == group_of(Op::SESSION_NEW)) {
    perform_life(step, session(step.variable[0], argument));
  } else if (group < group_of(Op::GET_ID)) {
    perform_setter(step, session(step.variable[0], argument));
  } else if (group < group_of(Op::I2D)) {
    perform_getter(step, session(step.variable[0], argument));
  } else if (group < group_of(Op::CONTEXT_NEW)) {
    perform_encoding(step, session(step.variable[0], argument));
  } else if (group < group_of(Op::ON_NEW)) {
    perform_context(step, session(step.variable[1], argument));
  } else if (group < group_of(Op::CONNECTION_NEW)) {
    perform_callback(step);
  } else if (code == Op::CLOCK_ADVANCE) {
    set_virtual_clock(virtual_now() + step.value);
  } else {
    perform_connection(step, session(step.variable[1], argument));
  }
}

void RawCalls::perform_life(const Step& step, SSL_SESSION* of) {
  switch (step.code) {
    case Op::SESSION_NEW:
      of = SSL_SESSION_new();
      SSL_SESSION_set_cipher(of, cipher_);
      SSL_SESSION_set_protocol_version(of, TLS1_2_VERSION);
      handles_[step.result] = of;
      break;
    case Op::SESSION_DUP:
      handles_[step.result] = SSL_SESSION_dup(of);
      break;
    case Op::SESSION_KEEP:
      SSL_SESSION_up_ref(of);
      handles_[step.result] = of;
      break;
    case Op::SESSION_UP_REF:
      SSL_SESSION_up_ref(of);
      break;
    default:
      SSL_SESSION_free(of);
  }
}

void RawCalls::perform_setter(const Step& step, SSL_SESSION* of) {
  const ByteValue* bytes = step.bytes;
  switch (step.code) {
    case Op::SET_ID:
      return drop(SSL_SESSION_set1_id(of, bytes->data, bytes->size));
    case Op::SET_ID_CONTEXT:
      return drop(SSL_SESSION_set1_id_context(of, bytes->data, bytes->size));
    case Op::SET_TIME:
      return drop(SSL_SESSION_set_time(of, step.value));
    case Op::SET_TIMEOUT:
      return drop(SSL_SESSION_set_timeout(of, step.value));
    case Op::SET_HOSTNAME:
      return drop(SSL_SESSION_set1_hostname(of, reinterpret_cast<const char*>(bytes->data)));
    case Op::SET_ALPN:
      return drop(SSL_SESSION_set1_alpn_selected(of, bytes->data, bytes->size));
    case Op::SET_APPDATA:
      return drop(SSL_SESSION_set1_ticket_appdata(of, bytes->data, bytes->size));
    case Op::SET_MASTER_KEY:
      return drop(SSL_SESSION_set1_master_key(of, bytes->data, bytes->size));
    case Op::SET_EX_DATA:
      return drop(SSL_SESSION_set_ex_data(of, ex_index_, std::bit_cast<void*>(step.value)));
    default:
      return drop(SSL_SESSION_set_protocol_version(of, static_cast<int>(step.value)));
  }
}

void RawCalls::perform_getter(const Step& step, SSL_SESSION* of) {
  unsigned length = 0;
  std::size_t size = 0;
  const unsigned char* bytes = nullptr;
  void* data = nullptr;
  unsigned char key[512];
  switch (step.code) {
    case Op::GET_ID:
      return drop(SSL_SESSION_get_id(of, &length));
    case Op::GET_ID_CONTEXT:
      return drop(SSL_SESSION_get0_id_context(of, &length));
    case Op::GET_TIME:
      return drop(SSL_SESSION_get_time(of));
    case Op::GET_TIMEOUT:
      return drop(SSL_SESSION_get_timeout(of));
    case Op::GET_HOSTNAME:
      return drop(SSL_SESSION_get0_hostname(of));
    case Op::GET_ALPN:
      return SSL_SESSION_get0_alpn_selected(of, &bytes, &size);
    case Op::GET_TICKET:
      return SSL_SESSION_get0_ticket(of, &bytes, &size);
    case Op::GET_APPDATA:
      return drop(SSL_SESSION_get0_ticket_appdata(of, &data, &size));
    case Op::GET_MASTER_KEY:
      return drop(SSL_SESSION_get_master_key(of, key, sizeof key));
    case Op::GET_EX_DATA:
      return drop(SSL_SESSION_get_ex_data(of, ex_index_));
    case Op::GET_VERSION:
      return drop(SSL_SESSION_get_protocol_version(of));
    case Op::IS_RESUMABLE:
      return drop(SSL_SESSION_is_resumable(of));
    default:
      return drop(SSL_SESSION_has_ticket(of));
  }
}

void RawCalls::perform_encoding(const Step& step, SSL_SESSION* of) {
  Blob& made = blobs_[step.code == Op::I2D || step.code == Op::I2D_ALLOCATE ? step.result : 0];
  Blob& blob = blobs_[step.variable[step.code == Op::D2I_INTO ? 1 : 0] % kMaxBlobs];
  unsigned char* out = made.data.data();
  const unsigned char* in = blob.data.data();
  switch (step.code) {
    case Op::I2D_LENGTH:
      return drop(i2d_SSL_SESSION(of, nullptr));
    case Op::I2D:
      made.length = i2d_SSL_SESSION(of, &out);
      break;
    case Op::I2D_ALLOCATE:
      out = nullptr;
      made.length = i2d_SSL_SESSION(of, &out);
      if (out != nullptr) std::copy_n(out, made.length, made.data.data());
      return OPENSSL_free(out);
    case Op::D2I:
      handles_[step.result] = d2i_SSL_SESSION(nullptr, &in, blob.length);
      break;
    case Op::D2I_FRESH:
      handles_[step.result] = nullptr;
      return drop(d2i_SSL_SESSION(&handles_[step.result], &in, blob.length));
    case Op::D2I_INTO:
      return drop(d2i_SSL_SESSION(&of, &in, blob.length));
    case Op::BLOB_TRUNCATE:
      blob.length = std::min(blob.length, step.value);
      break;
    default:
      if (blob.length > 0) blob.data[static_cast<std::size_t>(step.value % blob.length)] ^= 1U;
  }
}

void RawCalls::make_context(std::uint8_t index) {
  SSL_CTX* made = nullptr;
  if (pool_.empty()) {
    made = SSL_CTX_new(TLS_method());
  } else {
    made = pool_.back();
    pool_.pop_back();
  }
  // It may be the address of one that is gone; a callback is to find the new one only.
  std::replace(contexts_.begin(), contexts_.end(), made, static_cast<SSL_CTX*>(nullptr));
  contexts_[index] = made;
  bodies_[index] = nullptr;
}

void RawCalls::retire(SSL_CTX* context) {
  SSL_CTX_sess_set_new_cb(context, nullptr);
  SSL_CTX_sess_set_get_cb(context, nullptr);
  SSL_CTX_sess_set_remove_cb(context, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(context, SSL_SESSION_CACHE_MAX_SIZE_DEFAULT);
  SSL_CTX_set_timeout(context, 7200);
  pool_.push_back(context);
}

void RawCalls::perform_context(const Step& step, SSL_SESSION* of) {
  SSL_CTX* context = contexts_[step.variable[0]];
  switch (step.code) {
    case Op::CONTEXT_NEW:
      return make_context(step.result);
    case Op::CONTEXT_UP_REF:
      return drop(SSL_CTX_up_ref(context));
    case Op::CONTEXT_FREE:
      return step.retires ? retire(context) : SSL_CTX_free(context);
    case Op::SET_MODE:
      return drop(SSL_CTX_set_session_cache_mode(context, step.value));
    case Op::SET_CACHE_SIZE:
      return drop(SSL_CTX_sess_set_cache_size(context, step.value));
    case Op::SET_DEFAULT_TIMEOUT:
      return drop(SSL_CTX_set_timeout(context, step.value));
    case Op::CACHE_ADD:
      return drop(SSL_CTX_add_session(context, of));
    case Op::CACHE_REMOVE:
      return drop(SSL_CTX_remove_session(context, of));
    case Op::CACHE_FLUSH:
      return SSL_CTX_flush_sessions(context, step.value);
    case Op::GET_NUMBER:
      return drop(SSL_CTX_sess_number(context));
    case Op::GET_CACHE_FULL:
      return drop(SSL_CTX_sess_cache_full(context));
    case Op::GET_HITS:
      return drop(SSL_CTX_sess_hits(context));
    case Op::GET_MISSES:
      return drop(SSL_CTX_sess_misses(context));
    case Op::GET_TIMEOUTS:
      return drop(SSL_CTX_sess_timeouts(context));
    case Op::GET_MODE:
      return drop(SSL_CTX_get_session_cache_mode(context));
    case Op::GET_CACHE_SIZE:
      return drop(SSL_CTX_sess_get_cache_size(context));
    default:
      return drop(SSL_CTX_get_timeout(context));
  }
}

void RawCalls::perform_callback(const Step& step) {
  const std::uint8_t index = step.variable[0];
  SSL_CTX* context = contexts_[index];
  switch (step.code) {
    case Op::ON_NEW:
      return SSL_CTX_sess_set_new_cb(context, step.value == 0 ? nullptr : on_new);
    case Op::ON_GET:
      return SSL_CTX_sess_set_get_cb(context, step.value == 0 ? nullptr : on_get);
    default:
      bodies_[index] = step.value == kOnRemoveDo ? next_++ : nullptr;
      return SSL_CTX_sess_set_remove_cb(context, step.value == kOnRemoveOff ? nullptr : on_remove);
  }
}

void RawCalls::perform_connection(const Step& step, SSL_SESSION* of) {
  SSL* connection = connections_[step.variable[0] % kMaxConnections];
  switch (step.code) {
    case Op::CONNECTION_NEW:
      connections_[step.result] = SSL_new(contexts_[step.variable[0]]);
      break;
    case Op::CONNECTION_FREE:
      return SSL_free(connection);
    case Op::CONNECTION_CLEAR:
      return drop(SSL_clear(connection));
    case Op::SET_SESSION:
      return drop(SSL_set_session(connection, of));
    case Op::GET0_SESSION:
      handles_[step.result] = SSL_get0_session(connection);
      break;
    case Op::GET1_SESSION:
      handles_[step.result] = SSL_get1_session(connection);
      break;
    default:
      return drop(SSL_set_SSL_CTX(connection, contexts_[step.variable[1]]));
  }
}

}  // namespace lastref::bench
