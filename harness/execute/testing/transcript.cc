// Prints what has crossed the wires before each operation of a program of handshakes, as a count
// and a digest, so that two processes can be compared: transcript TARGET. What the adapter does
// when it starts is part of it.
//
// The library writes each of its records by BIO_write(), under whatever name it exports it, or by a
// function that it is given. Either way what it calls is found here first and passed on.
#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <variant>

#include "harness/execute/program_run.h"
#include "harness/execute/target_process.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

// Full and resumed, by an id in TLS 1.2 and by a ticket in TLS 1.3. The second time client and
// server have contexts of their own, so that on every library it is the client's session that its
// new callback keeps.
constexpr const char* kProgram = R"(lastref 1
c0 = ctx_new
set_protocol c0 tls1.2
set_tickets c0 off
n0 = ssl_new c0
n1 = ssl_new c0
handshake n0 n1 complete
s7 = get1_session n0
shutdown n0 send
shutdown n1 send
ssl_free n0
ssl_free n1
n0 = ssl_new c0
n1 = ssl_new c0
set_session n0 s7
handshake n0 n1 complete
shutdown n0 send
shutdown n1 send
ssl_free n0
ssl_free n1
ctx_free c0
c0 = ctx_new
set_protocol c0 tls1.3
c1 = ctx_new
set_protocol c1 tls1.3
set_mode c1 client
on_new c1 keep
n0 = ssl_new c1
n1 = ssl_new c0
handshake n0 n1 complete
shutdown n0 send
shutdown n1 send
ssl_free n0
ssl_free n1
n0 = ssl_new c1
n1 = ssl_new c0
set_session n0 s0
handshake n0 n1 complete
)";

// The same, operation for operation, where a client gives copies of its session.
std::string program_of_copies() {
  struct Change {
    const char* from;
    const char* to;
  };
  constexpr Change kChanges[] = {
      {"s7 = get1_session n0", "s7 = copy_session n0"},
      {"set_mode c1 client", "get_number c0"},
      {"on_new c1 keep", "get_number c1"},
      {"shutdown n0 send\nshutdown n1 send\nssl_free n0\nssl_free n1\nn0 = ssl_new c1",
       "s0 = copy_session n0\nshutdown n1 send\nssl_free n0\nssl_free n1\nn0 = ssl_new c1"},
  };
  std::string text = kProgram;
  for (const Change& change : kChanges) {
    text.replace(text.find(change.from), std::strlen(change.from), change.to);
  }
  return text;
}

// FNV-1a over 64 bits: a difference of one bit shows.
struct Wire {
  std::uint64_t bytes = 0;
  std::uint64_t digest = 0xcbf29ce484222325;

  void add(const void* data, int size) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    const auto* byte = static_cast<const unsigned char*>(data);
    for (int i = 0; i < size; ++i) digest = (digest ^ byte[i]) * kPrime;
    if (size > 0) bytes += static_cast<std::uint64_t>(size);
  }
};

Wire wire;

using BioWrite = int (*)(void*, const void*, int);
using Push = ssize_t (*)(void*, const void*, std::size_t);
using SetPush = void (*)(void*, Push);

struct Wanted {
  const char* library;
  const char* function;
  void* found;
};

// The library's own function, in whatever shared object has it.
void* find(const char* library, const char* function) {
  Wanted wanted = {library, function, nullptr};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* of) {
        Wanted& sought = *static_cast<Wanted*>(of);
        if (std::strstr(info->dlpi_name, sought.library) == nullptr) return 0;
        void* const loaded = dlopen(info->dlpi_name, RTLD_LAZY | RTLD_NOLOAD);
        if (loaded == nullptr) return 0;
        sought.found = dlsym(loaded, sought.function);
        return 1;
      },
      &wanted);
  return wanted.found;
}

int pass_on(BioWrite next, void* bio, const void* data, int size) {
  const int written = next(bio, data, size);
  wire.add(data, written);
  return written;
}

// The adapter's own, one for all of its connections.
Push pushes = nullptr;

ssize_t push(void* to, const void* data, std::size_t size) {
  const ssize_t written = pushes(to, data, size);
  wire.add(data, static_cast<int>(written));
  return written;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "transcript: %s\n", why.c_str());
  return 3;
}

int run(const std::string& target) {
  TargetProcess process;
  if (std::string error = process.start(target, Hazards{}); !error.empty()) return fail(error);
  const auto parsed = parse_trace(pushes == nullptr ? kProgram : program_of_copies());
  if (const auto* error = std::get_if<TraceError>(&parsed)) return fail(error->text("program"));
  const auto& program = std::get<Program>(parsed);
  process.lockstep().on_operation = [](int index, const Operation&) {
    std::printf("before %d: %llu %016llx\n", index, static_cast<unsigned long long>(wire.bytes),
                static_cast<unsigned long long>(wire.digest));
  };
  const ProgramRun outcome = run_once(process.lockstep(), program, Watch{});
  if (outcome.illegal_operation >= 0) return fail("the program breaks a rule");
  if (!outcome.symptoms.empty()) return fail("the program is not clean");
  return 0;
}

}  // namespace
}  // namespace lastref

extern "C" __attribute__((visibility("default"))) int BIO_write(void* bio, const void* data,
                                                                int size) {
  static const auto next =
      reinterpret_cast<lastref::BioWrite>(lastref::find("libcrypto", "BIO_write"));
  return lastref::pass_on(next, bio, data, size);
}

extern "C" __attribute__((visibility("default"))) int wolfSSL_BIO_write(void* bio, const void* data,
                                                                        int size) {
  static const auto next =
      reinterpret_cast<lastref::BioWrite>(lastref::find("libwolfssl", "wolfSSL_BIO_write"));
  return lastref::pass_on(next, bio, data, size);
}

extern "C" __attribute__((visibility("default"))) void gnutls_transport_set_push_function(
    void* connection, lastref::Push push) {
  static const auto next = reinterpret_cast<lastref::SetPush>(
      lastref::find("libgnutls", "gnutls_transport_set_push_function"));
  lastref::pushes = push;
  next(connection, lastref::push);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: transcript TARGET\n");
    return 2;
  }
  const int status = lastref::run(argv[1]);
  std::fflush(stdout);
  // As a worker ends: what a library keeps for good is found through the harness's own heap, into
  // which no leak checker looks.
  std::_Exit(status);
}
