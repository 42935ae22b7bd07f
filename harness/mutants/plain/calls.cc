#include "harness/mutants/plain/calls.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace plain {
namespace {

constexpr int kCouldNotRun = 3;
constexpr std::uint32_t kIds = 4;
constexpr long kStart = 1'000'000'000;  // seconds of a session that has a time of its own

// What ex_data holds is allocated, so that a library that forgets it leaks.
void free_ex_data(void*, void* value, LR_EX_DATA*, int, long, void*) { std::free(value); }
int copy_ex_data(LR_EX_DATA*, const LR_EX_DATA*, void** value, int, long, void*) {
  if (*value != nullptr) *value = std::malloc(1);
  return 1;
}

// An application that is told of a removal looks at what it was given.
Api callback_api;
void on_remove(LR_CTX*, LR_SESSION* session) {
  unsigned length = 0;
  callback_api.lr_SESSION_get_id(session, &length);
  if (callback_api.lr_SESSION_up_ref(session) == 1) callback_api.lr_SESSION_free(session);
}

}  // namespace

Api load(const char* path) {
  void* const library = dlopen(path, RTLD_NOW);
  Api api;
  const char* missing = library == nullptr ? dlerror() : nullptr;
  if (missing == nullptr) {
#define LASTREF_CALL(name)                                                \
  api.name = reinterpret_cast<decltype(api.name)>(dlsym(library, #name)); \
  if (api.name == nullptr) missing = #name;
#include "harness/mutants/plain/session_api.def"
#undef LASTREF_CALL
  }
  if (missing != nullptr) {
    std::fprintf(stderr, "%s: %s\n", path, missing);
    std::exit(kCouldNotRun);
  }
  return api;
}

Calls::Calls(const Api& api) : api_(api) {
  callback_api = api;
  index_ = api_.lr_SESSION_get_ex_new_index(0, nullptr, nullptr, copy_ex_data, free_ex_data);
}

void Calls::touch(const void* bytes, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) {
    sum_ = sum_ + static_cast<const unsigned char*>(bytes)[i];
  }
}

void Calls::read(LR_SESSION* session) {
  unsigned id_length = 0;
  touch(api_.lr_SESSION_get_id(session, &id_length), 0);
  touch(api_.lr_SESSION_get_id(session, &id_length), id_length);
  const char* const hostname = api_.lr_SESSION_get0_hostname(session);
  for (const char* c = hostname; c != nullptr && *c != '\0'; ++c) touch(c, 1);
  const unsigned char* bytes = nullptr;
  std::size_t length = 0;
  api_.lr_SESSION_get0_alpn_selected(session, &bytes, &length);
  touch(bytes, length);
  api_.lr_SESSION_get0_ticket(session, &bytes, &length);
  touch(bytes, length);
}

void Calls::put(LR_SESSION* session) {
  if (session == nullptr) return;
  LR_SESSION*& place = slot();
  if (place != nullptr) api_.lr_SESSION_free(place);
  place = session;
}

void Calls::encode_and_decode(LR_SESSION* session) {
  unsigned char* bytes = nullptr;
  int length = api_.lr_i2d_SESSION(session, &bytes);
  if (length <= 0 || bytes == nullptr) return;
  if (choose_(4) == 0) length = static_cast<int>(choose_(static_cast<std::uint32_t>(length)));
  const unsigned char* in = bytes;
  put(api_.lr_d2i_SESSION(nullptr, &in, length));
  api_.lr_free(bytes);
}

void Calls::on_session(LR_SESSION* session) {
  static constexpr unsigned char kBytes[] = "some bytes";
  const std::size_t length = 1 + choose_(sizeof kBytes - 1);
  switch (choose_(11)) {
    case 0:
      put(api_.lr_SESSION_dup(session));
      break;
    case 1:
      if (api_.lr_SESSION_up_ref(session) == 1) put(session);
      break;
    case 2: {
      const unsigned char id[] = {'i', 'd', static_cast<unsigned char>('a' + choose_(kIds))};
      api_.lr_SESSION_set1_id(session, id, sizeof id);
      break;
    }
    case 3:
      api_.lr_SESSION_set_time(session, kStart + static_cast<long>(choose_(4)));
      break;
    case 4:
      api_.lr_SESSION_set_timeout(session, static_cast<long>(choose_(4)));
      break;
    case 5:
      api_.lr_SESSION_set1_hostname(session, choose_(2) == 0 ? nullptr : "host");
      break;
    case 6:
      api_.lr_SESSION_set1_alpn_selected(session, kBytes, length);
      break;
    case 7:
      api_.lr_SESSION_set1_ticket(session, kBytes, length);
      break;
    case 8: {
      // A value is the session's while it is there; the one before it is the application's again.
      void* const before = api_.lr_SESSION_get_ex_data(session, index_);
      void* const value = std::malloc(1);
      const bool set = api_.lr_SESSION_set_ex_data(session, index_, value) == 1;
      std::free(set ? before : value);
      break;
    }
    case 9:
      encode_and_decode(session);
      break;
    default:
      read(session);
      break;
  }
}

void Calls::on_context() {
  LR_SESSION* const session = slot();
  switch (choose_(9)) {
    case 0:
    case 1:
    case 2:
      if (session != nullptr) api_.lr_CTX_add_session(context_, session);
      break;
    case 3:
      if (session != nullptr) api_.lr_CTX_remove_session(context_, session);
      break;
    case 4:
      api_.lr_CTX_flush_sessions(context_, choose_(2) == 0 ? 0 : kStart + 4);
      break;
    case 5:
      api_.lr_CTX_sess_set_cache_size(context_, 1 + static_cast<long>(choose_(3)));
      break;
    case 6:
      api_.lr_CTX_sess_set_remove_cb(context_, choose_(2) == 0 ? nullptr : on_remove);
      break;
    case 7:
      if (api_.lr_CTX_up_ref(context_) == 1) api_.lr_CTX_free(context_);
      break;
    default:
      sum_ = sum_ + static_cast<unsigned>(api_.lr_CTX_sess_number(context_));
      break;
  }
}

void Calls::on_connections() {
  LR_SSL*& chosen = connection();
  if (chosen == nullptr) {
    chosen = api_.lr_SSL_new(context_);
    return;
  }
  switch (choose_(7)) {
    case 0:
      api_.lr_SSL_free(chosen);
      chosen = nullptr;
      break;
    case 1:
      api_.lr_SSL_clear(chosen);
      break;
    case 2:
      api_.lr_SSL_set_session(chosen, slot());
      break;
    case 3:
      put(api_.lr_SSL_get1_session(chosen));
      break;
    case 4:
      if (LR_SESSION* const borrowed = api_.lr_SSL_get0_session(chosen)) read(borrowed);
      break;
    case 5:
      if (connections_[0] != nullptr && connections_[1] != nullptr) {
        api_.lr_handshake(connections_[0], connections_[1], static_cast<int>(choose_(6)));
      }
      break;
    default:
      api_.lr_SSL_shutdown(chosen);
      break;
  }
}

void Calls::call() {
  LR_SESSION*& chosen = slot();
  switch (choose_(4)) {
    case 0:
      on_context();
      break;
    case 1:
      on_connections();
      break;
    default:
      if (chosen == nullptr) {
        chosen = api_.lr_SESSION_new();
      } else if (choose_(4) == 0) {
        api_.lr_SESSION_free(chosen);
        chosen = nullptr;
      } else {
        on_session(chosen);
      }
      break;
  }
}

void Calls::give_back() {
  for (LR_SESSION*& session : slots_) {
    if (session != nullptr) api_.lr_SESSION_free(session);
    session = nullptr;
  }
  for (LR_SSL*& connection : connections_) {
    if (connection != nullptr) api_.lr_SSL_free(connection);
    connection = nullptr;
  }
  api_.lr_CTX_free(context_);
  context_ = nullptr;
}

void Calls::run(const Choose& choose) {
  choose_ = choose;
  context_ = api_.lr_CTX_new();
  if (context_ == nullptr) return;
  for (int i = 0; i < kCalls; ++i) call();
  give_back();
}

}  // namespace plain
