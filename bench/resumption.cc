// What one look-up by a resumption costs as the cache grows, for all that shake hands with sessions
// found by id; of BoringSSL and wolfSSL there is no other look-up in public. A row is two
// connections made, a handshake of TLS 1.2 that resumes, both shut down and freed, by the adapter's
// calls. One program for each target.
//
//   build/release/bin/bench_resumption_openssl
//
// Sessions that only fill the cache are put there where the target can make them with an id.
// wolfSSL can not: its cache is a table of 33 rows for the process.
#include <malloc.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "bench/suite.h"
#include "harness/memory/clock.h"
#include "harness/program/operation.h"
#include "harness/target/loader.h"

namespace lastref::bench {
namespace {

constexpr const char* kTarget = LASTREF_BENCH_TARGET;
constexpr bool kEncrypts = std::string_view(kTarget) != "reference-bare";
constexpr std::int64_t kResumptions = kEncrypts ? 200 : 40'000;  // some milliseconds
constexpr std::array<std::size_t, 3> kSizes = {100, 1000, 10'000};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "bench_resumption: %s: %s\n", kTarget, why.c_str());
  std::exit(3);
}

void no_callback(std::uint32_t, void*, void*, void*, const std::uint8_t*, std::size_t,
                 lastref_reply*) {}

constexpr lastref_host kHost = {
    .size = sizeof(lastref_host),
    .abi = LASTREF_TARGET_ABI,
    .allocate = std::malloc,
    .reallocate = std::realloc,
    .release = std::free,
    .born = [](const void*) {},
    .died = [](const void*) {},
    .callback = no_callback,
    .now = virtual_now,
    .block_size = [](const void* block) { return malloc_usable_size(const_cast<void*>(block)); },
};

// What a call is made with.
struct Operands {
  void* session = nullptr;
  void* context = nullptr;
  void* connection = nullptr;
  void* peer = nullptr;
  std::span<const std::uint8_t> bytes{};
  std::int64_t value = 0;
};

class Application {
 public:
  Application() {
    if (const std::string error = loaded_.open(kTarget); !error.empty()) fail(error);
    const TargetScope inside;
    seed_virtual_random(1);
    if (const std::string error = loaded_.start(kHost); !error.empty()) fail(error);
  }

  bool can(std::uint64_t capability) {
    return (loaded_.target().capabilities & capability) == capability;
  }

  lastref_result call(std::uint32_t operation, const Operands& on) {
    lastref_call of{};
    of.size = sizeof of;
    of.operation = operation;
    of.session = on.session;
    of.context = on.context;
    of.connection = on.connection;
    of.peer = on.peer;
    of.bytes = on.bytes.data();
    of.length = on.bytes.size();
    of.value = on.value;
    lastref_result result{};
    result.size = sizeof result;
    loaded_.target().perform(&of, &result);
    return result;
  }

  void* made(std::uint32_t operation, const Operands& on) {
    void* const object = call(operation, on).object;
    if (object == nullptr) fail("an object is not made");
    return object;
  }

 private:
  LoadedTarget loaded_;
};

// Never destroyed: the library's exit handlers may need it.
Application& application() {
  static auto* const one = new Application;
  return *one;
}

// A server's and client's context with a cache of so many, one of them to be resumed.
class Resumable {
 public:
  explicit Resumable(std::size_t sessions) {
    const TargetScope inside;
    context_ = app_.made(LASTREF_OP_CONTEXT_NEW, {});
    if (app_.can(LASTREF_CAN_TLS13)) {
      app_.call(LASTREF_OP_SET_PROTOCOL, {.context = context_, .value = kTls12});
    }
    if (app_.can(LASTREF_CAN_TICKETS)) {
      app_.call(LASTREF_OP_SET_TICKETS, {.context = context_, .value = 0});
    }
    if (app_.can(LASTREF_CAN_NEW_WITH_ID)) fill(sessions);
    shake(false);
  }
  // The context lives as long as the process does, since wolfSSL's table does.

  void resume() {
    const TargetScope inside;
    shake(true);
  }

 private:
  static constexpr std::int64_t kTls12 = 0x0303;

  void fill(std::size_t sessions) {
    std::array<std::uint8_t, 32> id{};
    for (std::size_t i = 1; i < sessions; ++i) {
      for (std::size_t byte = 0; byte < sizeof i; ++byte) {
        id[byte] = static_cast<std::uint8_t>((i * 0x9e3779b97f4a7c15U) >> (8 * byte));
      }
      Operands of = {.context = context_, .bytes = id};
      of.session = app_.made(LASTREF_OP_SESSION_NEW_WITH_ID, of);
      app_.call(LASTREF_OP_CACHE_ADD, of);
      app_.call(LASTREF_OP_SESSION_FREE, of);
    }
  }

  void shake(bool resuming) {
    const Operands of_context = {.context = context_};
    void* const client = app_.made(LASTREF_OP_CONNECTION_NEW, of_context);
    void* const server = app_.made(LASTREF_OP_CONNECTION_NEW, of_context);
    if (resuming) {
      app_.call(LASTREF_OP_SET_SESSION, {.session = session_, .connection = client});
    }
    const lastref_result answer =
        app_.call(LASTREF_OP_HANDSHAKE,
                  {.connection = client, .peer = server, .value = LASTREF_STOP_COMPLETE});
    if (answer.value != (resuming ? kHandshakeResumed : kHandshakeFull)) {
      fail(resuming ? "a session is not resumed" : "a handshake fails");
    }
    if (!resuming) {
      session_ = app_.made(LASTREF_OP_GET1_SESSION, {.connection = client});
    }
    for (void* const end : {client, server}) {
      app_.call(LASTREF_OP_SHUTDOWN, {.connection = end});
      app_.call(LASTREF_OP_CONNECTION_FREE, {.connection = end});
    }
  }

  Application& app_ = application();
  void* context_ = nullptr;
  void* session_ = nullptr;
};

void resumptions(benchmark::State& state, std::size_t sessions) {
  Resumable resumable(sessions);
  for (auto step : state) resumable.resume();
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

void add_rows() {
  for (const std::size_t sessions : kSizes) {
    add_row("cache/resume/" + std::to_string(sessions) + "/" + kTarget, 1, kResumptions,
            [sessions](benchmark::State& state) { resumptions(state, sessions); });
    if (std::string(kTarget) == "wolfssl") break;
  }
}

}  // namespace lastref::bench
