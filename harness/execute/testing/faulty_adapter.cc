// The reference with one fault, for tests: each makes a harness that works report one kind of
// verdict. The fault is chosen by the environment variable LASTREF_TEST_FAULT, in the process that
// loads the adapter; without it the target is sound.

#include <lastref/target_abi.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

// The sound adapter, compiled into this one under another name.
extern "C" const lastref_target* lastref_reference_open(uint32_t abi);

namespace {

const lastref_target* sound = nullptr;
const lastref_host* host = nullptr;
std::string_view fault;
void* last_freed = nullptr;
volatile unsigned char read_bytes = 0;  // a read that no compiler leaves out
void* last_made = nullptr;
void* last_context = nullptr;
int up_refs = 0;
// The handshake that runs, if any, and the session that a callback's body took a reference to in
// it, or in the one before.
int handshakes = 0;
bool shaking = false;
void* taken_inside = nullptr;
bool armed =
    false;  // some faults would be noticed when the target is probed, and wait for a program

[[noreturn]] void spin() {
  const volatile bool on = true;
  while (on) {
  }
  std::abort();
}

[[noreturn]] void eat() {
  while (true) {
    void* const block = host->allocate(4096);
    if (block != nullptr) std::memset(block, 1, 16);
  }
}

// A session that no handshake has made, in the cache of the last context.
void cache_a_stranger() {
  static const std::uint8_t id[] = "stranger";
  lastref_call call{};
  call.size = sizeof call;
  call.bytes = id;
  call.length = sizeof id;
  lastref_result made{};
  made.size = sizeof made;
  call.operation = LASTREF_OP_SESSION_NEW_WITH_ID;
  sound->perform(&call, &made);
  call.session = made.object;
  call.context = last_context;
  for (const std::uint32_t operation : {LASTREF_OP_CACHE_ADD, LASTREF_OP_SESSION_FREE}) {
    call.operation = operation;
    sound->perform(&call, &made);
  }
}

// Something that is done to a session besides what was asked for.
void do_besides(std::uint32_t operation, void* session, std::int64_t value = 0) {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = operation;
  call.session = session;
  call.value = value;
  lastref_result ignored{};
  ignored.size = sizeof ignored;
  sound->perform(&call, &ignored);
}

// Of a handshake whose callbacks have bodies: the library takes for its own what they took, and
// gives it back, or takes one more.
int shake_hands(const lastref_call* call, lastref_result* result) {
  ++handshakes;
  shaking = true;
  taken_inside = nullptr;
  const int done = sound->perform(call, result);
  shaking = false;
  if (result->value != 0 || taken_inside == nullptr) return done;
  if (fault == "loses-body-reference") do_besides(LASTREF_OP_SESSION_FREE, taken_inside);
  if (fault == "keeps-body-reference") do_besides(LASTREF_OP_SESSION_UP_REF, taken_inside);
  return done;
}

int start(const lastref_host* given, char* error, size_t size) {
  host = given;
  if (const char* chosen = std::getenv("LASTREF_TEST_FAULT")) fault = chosen;
  if (fault == "cannot-start") {
    std::strncpy(error, "this target was told not to start", size);
    return -1;
  }
  return sound->start(given, error, size);
}

int perform(const lastref_call* call, lastref_result* result) {
  lastref_call changed = *call;
  switch (call->operation) {
    case LASTREF_OP_SESSION_NEW:
      if (fault.ends_with("-without-memory")) {
        const int done = sound->perform(call, result);
        last_made = result->object;
        if (fault != "leak-without-memory") return done;
        if (result->object == nullptr && host->allocate(40) == nullptr) return -1;
        return done;
      }
      break;
    case LASTREF_OP_SET_HOSTNAME:
      if (fault == "change-without-memory") {
        const int done = sound->perform(call, result);
        if (result->value == 1) return done;
        changed.bytes = nullptr;
        changed.length = 0;
        sound->perform(&changed, result);
        result->value = 0;
        return done;
      }
      break;
    case LASTREF_OP_CONTEXT_NEW: {
      const int done = sound->perform(call, result);
      last_context = result->object;
      return done;
    }
    case LASTREF_OP_SESSION_DUP: {
      const int done = sound->perform(call, result);
      if (shaking && result->object != nullptr) taken_inside = result->object;
      if (fault == "changes-what-no-copy" && result->object == nullptr) {
        do_besides(LASTREF_OP_SET_TIMEOUT, call->session, 7);
      }
      return done;
    }
    case LASTREF_OP_GET_TIMEOUT:
      if (fault == "lies-at-last" && shaking && handshakes == 2) {
        result->value = 7;
        return 0;
      }
      break;
    case LASTREF_OP_HANDSHAKE:
      if (fault.ends_with("-body-reference") || fault == "lies-at-last") {
        return shake_hands(call, result);
      }
      if (fault == "ignores-damage" && call->flight != 0) {
        changed.flight = 0;
        const int done = sound->perform(&changed, result);
        result->damaged = 1;
        return done;
      }
      if (fault == "caches-damaged" && call->flight != 0) {
        const int done = sound->perform(call, result);
        if (result->damaged != 0) cache_a_stranger();
        return done;
      }
      if (fault == "dies-without-memory" || fault == "stays-without-memory") {
        const int done = sound->perform(call, result);
        if (result->value != 0) return done;
        lastref_call other{};
        other.size = sizeof other;
        lastref_result ignored{};
        ignored.size = sizeof ignored;
        // The application's reference, given back by the target; or one more that nobody knows of.
        const bool dies = fault == "dies-without-memory";
        other.operation = dies ? LASTREF_OP_SESSION_FREE : LASTREF_OP_SESSION_UP_REF;
        other.session = last_made;
        sound->perform(&other, &ignored);
        if (dies) sound->perform(&other, &ignored);  // and the cache's
        return done;
      }
      break;
    case LASTREF_OP_SESSION_UP_REF:
      if (shaking) taken_inside = call->session;
      if (fault == "early-free") {  // the reference is not taken
        result->value = 1;
        return 0;
      }
      if (fault == "early-free-late" && ++up_refs == 500) {  // which no fresh process comes to
        result->value = 1;
        return 0;
      }
      if (fault == "crash") std::raise(SIGSEGV);
      if (fault == "abort") std::abort();
      if (fault == "throw") throw std::runtime_error("thrown by the target");
      if (fault == "hang") spin();
      if (fault == "sleep") pause();
      if (fault == "runaway-memory") eat();
      break;
    case LASTREF_OP_SESSION_FREE:
      if (call->session == nullptr) break;
      if (fault == "leak" && armed) return 0;
      if (fault == "block-leak" && host->allocate(40) == nullptr) return -1;
      if (fault == "write-after-free" || fault == "read-after-free") last_freed = call->session;
      break;
    case LASTREF_OP_SET_TIMEOUT:
      armed = true;
      if (fault == "fears-the-past" && host->now() < 1'000'000'000) {
        const int done = sound->perform(call, result);
        result->value = 7;
        return done;
      }
      if (fault == "wrong-content") changed.value = call->value + 1;
      if (fault == "wrong-return") {
        const int done = sound->perform(call, result);
        result->value = 7;
        return done;
      }
      if (fault == "foreign-release") host->release(&changed);
      if (fault == "double-release") {
        void* const block = host->allocate(24);
        host->release(block);
        host->release(block);
      }
      if (fault == "write-after-free" && last_freed != nullptr) {
        static_cast<unsigned char*>(last_freed)[8] = 1;
      }
      if (fault == "read-after-free" && last_freed != nullptr) {
        read_bytes = static_cast<unsigned char*>(last_freed)[8];
      }
      if (fault == "miscount") host->died(call->session);
      break;
    case LASTREF_OP_D2I:
      if (fault == "decode-reads-on" && call->length > 0 && call->bytes[0] != 0x30) {
        read_bytes = call->bytes[call->length];
      }
      if (fault == "decode-writes" && call->length > 8) {
        const_cast<unsigned char*>(call->bytes)[8] ^= 1;
      }
      if (fault.starts_with("decode-")) {
        const int done = sound->perform(call, result);
        const bool refused = result->object == nullptr;
        if (fault == "decode-leaks" && refused && host->allocate(40) == nullptr) return -1;
        if (fault == "decode-pointer-stays") result->bytes = call->bytes;
        return done;
      }
      break;
    case LASTREF_OP_ON_REMOVE:
      if (fault == "wrong-callback") return 0;  // not installed
      break;
    case LASTREF_OP_CACHE_ADD:
      if (fault == "dangling-cache") {  // linked without a reference
        const int done = sound->perform(call, result);
        changed.operation = LASTREF_OP_SESSION_FREE;
        lastref_result ignored{};
        ignored.size = sizeof ignored;
        sound->perform(&changed, &ignored);
        return done;
      }
      break;
    case LASTREF_OP_SET_SESSION:
      if (fault == "dangling-connection" && call->session != nullptr) {
        const int done = sound->perform(call, result);
        changed.operation = LASTREF_OP_SESSION_FREE;
        lastref_result ignored{};
        ignored.size = sizeof ignored;
        sound->perform(&changed, &ignored);
        return done;
      }
      break;
    default:
      break;
  }
  return sound->perform(&changed, result);
}

void view_context(const void* context, lastref_context_view* view) {
  sound->view_context(context, view);
  static int reads = 0;
  if (fault == "wrong-statistics") view->cache_full += ++reads;
}

}  // namespace

const lastref_target* lastref_target_open(uint32_t abi) {
  sound = lastref_reference_open(abi);
  if (sound == nullptr) return nullptr;
  static lastref_target target = *sound;
  target.name = "faulty";
  target.start = start;
  target.perform = perform;
  target.view_context = view_context;
  return &target;
}
