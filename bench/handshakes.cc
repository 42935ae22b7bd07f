// What lockstep costs a program that shakes hands, against a bare loop of the adapter's own calls:
// no model, no witness, no check, and the C library's malloc.
//
//   handshakes TARGET [programs [repeats]]
//
// The same program runs in both, over and over: a full handshake, or one and then kAgain that
// resume it. What a resumption costs is the difference of the two by kAgain. Each loop has a
// process of its own, for a library takes one allocator. Processor time, the best of the repeats.
#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/execute/program_run.h"
#include "harness/execute/target_process.h"
#include "harness/memory/clock.h"
#include "harness/program/trace.h"
#include "harness/program/values.h"

namespace lastref::bench {
namespace {

// As many as a full handshake of TLS 1.3 gives tickets for.
constexpr int kAgain = 2;

struct Kind {
  const char* name;
  const char* settings;
  bool callback;  // the session to resume comes by the new callback
};
constexpr std::array<Kind, 6> kKinds = {{
    {"as a new context", "", false},
    {"TLS 1.2, id", "set_protocol c0 tls1.2\nset_tickets c0 off\n", false},
    {"TLS 1.2, ticket", "set_protocol c0 tls1.2\nset_tickets c0 on\n", false},
    {"TLS 1.3, ticket", "set_protocol c0 tls1.3\nset_mode c0 client\n", true},
    // Where the connection has the session of the ticket.
    {"TLS 1.3, its own", "set_protocol c0 tls1.3\n", false},
    {"TLS 1.3, stateful", "set_protocol c0 tls1.3\nset_mode c0 both\nset_tickets c0 off\n", false},
}};

// What a target without TLS 1.3 speaks anyway needs no setting.
std::string settings_of(const Kind& kind, std::uint64_t capabilities) {
  constexpr std::string_view kTls12 = "set_protocol c0 tls1.2\n";
  std::string_view settings = kind.settings;
  const bool speaks_nothing_else = (capabilities & LASTREF_CAN_TLS13) == 0;
  if (speaks_nothing_else && settings.starts_with(kTls12)) settings.remove_prefix(kTls12.size());
  return std::string(settings);
}

std::string text_of(const Kind& kind, int resumptions, std::uint64_t capabilities) {
  constexpr const char* kBoth = "n0 = ssl_new c0\nn1 = ssl_new c0\n";
  constexpr const char* kHandshake = "handshake n0 n1 complete\n";
  constexpr const char* kEnd = "shutdown n0 send\nshutdown n1 send\nssl_free n0\nssl_free n1\n";
  // Where connections show no session they give copies.
  const bool copies = (capabilities & LASTREF_CAN_COPY_SESSION) != 0;
  const std::string get = copies ? "s0 = copy_session n0\n" : "s0 = get1_session n0\n";
  std::string text = "lastref 1\nc0 = ctx_new\n" + settings_of(kind, capabilities);
  if (kind.callback) text += "on_new c0 keep\n";
  text += std::string(kBoth) + kHandshake;
  if (kind.callback) text += "on_new c0 off\n";
  if (!kind.callback) text += get;
  text += kEnd;
  for (int i = 0; i < resumptions; ++i) {
    // A ticket of TLS 1.3 is good for one use on some libraries: each resumption has its own.
    const char* const session = kind.callback && i > 0 ? "s1" : "s0";
    text += std::string(kBoth) + "set_session n0 " + session + "\n" + kHandshake;
    if (!kind.callback && i + 1 < resumptions) text += "free s0\n" + get;
    text += kEnd;
  }
  return text;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Outcome {
  double seconds = 0;  // of one program
  std::array<char, 200> error{};
};

// `once` runs the program, and is empty on success.
template <typename Once>
std::string measure(int programs, int repeats, double& seconds, const Once& once) {
  for (int repeat = 0; repeat <= repeats; ++repeat) {  // the first warms up
    const double start = processor_seconds();
    for (int i = 0; i < programs; ++i) {
      if (std::string error = once(); !error.empty()) return error;
    }
    const double taken = (processor_seconds() - start) / programs;
    if (repeat == 1 || (repeat > 1 && taken < seconds)) seconds = taken;
  }
  return {};
}

std::string in_lockstep(const std::string& target, const Program& program, int programs,
                        int repeats, double& seconds) {
  Hazards hazards;
  for (const HazardRow& hazard : hazard_table()) {
    if (hazard.kind == HazardKind::PRECONDITION) hazards.add(hazard.id);
  }
  TargetProcess process;
  if (std::string error = process.start(target, hazards); !error.empty()) return error;
  Watch watch;
  watch.reuse_contexts = true;
  return measure(programs, repeats, seconds, [&]() -> std::string {
    const ProgramRun run = run_once(process.lockstep(), program, watch);
    if (run.illegal_operation >= 0) {
      return "the program breaks a rule at " + std::to_string(run.illegal_operation);
    }
    return run.symptoms.empty() ? std::string() : std::string("it is not clean");
  });
}

// The application of the bare loop: its variables, and the calls that fill them.
class Bare {
 public:
  std::string start(const std::string& name) {
    running_ = this;
    if (std::string error = loaded_.open(name); !error.empty()) return error;
    const TargetScope inside;
    return loaded_.start(kHost);
  }

  // Each handshake but the first must have resumed a session.
  std::string run(const Program& program) {
    const TargetScope inside;
    seed_virtual_random(1);
    int handshakes = 0;
    for (const Operation& operation : program.view()) {
      const std::int64_t value = perform(operation);
      if (operation.code != Op::HANDSHAKE) continue;
      if (value != (handshakes++ == 0 ? kHandshakeFull : kHandshakeResumed)) return "not resumed";
    }
    for (void*& session : sessions_) free_session(session);
    lastref_call flush{};
    flush.operation = LASTREF_OP_CACHE_FLUSH;
    flush.context = context_;
    call(flush);
    if (loaded_.target().reset_context(context_) == 0) {
      pooled_ = context_;
    } else {
      lastref_call of{};
      of.operation = LASTREF_OP_CONTEXT_FREE;
      of.context = context_;
      call(of);
    }
    return {};
  }

 private:
  static Bare* running_;

  static void callback(std::uint32_t kind, void*, void*, void* session, const std::uint8_t*,
                       std::size_t, lastref_reply* reply) {
    if (kind != LASTREF_CALLBACK_NEW) return;
    for (void*& variable : running_->sessions_) {
      if (variable != nullptr) continue;
      variable = session;
      reply->value = 1;
      return;
    }
  }

  static constexpr lastref_host kHost = {
      .size = sizeof(lastref_host),
      .abi = LASTREF_TARGET_ABI,
      .allocate = std::malloc,
      .reallocate = std::realloc,
      .release = std::free,
      .born = [](const void*) {},
      .died = [](const void*) {},
      .callback = callback,
      .now = virtual_now,
      .block_size = [](const void* block) { return malloc_usable_size(const_cast<void*>(block)); },
  };

  lastref_result call(lastref_call of) {
    of.size = sizeof of;
    lastref_result result{};
    result.size = sizeof result;
    loaded_.target().perform(&of, &result);
    return result;
  }

  void free_session(void*& session) {
    if (session == nullptr) return;
    lastref_call of{};
    of.operation = LASTREF_OP_SESSION_FREE;
    of.session = session;
    call(of);
    session = nullptr;
  }

  std::int64_t perform(const Operation& operation) {
    lastref_call of{};
    of.operation = static_cast<std::uint32_t>(operation.code);
    const auto& operand = operation.operand;
    switch (operation.code) {
      case Op::CONTEXT_NEW:
        context_ = pooled_ != nullptr ? pooled_ : call(of).object;
        pooled_ = nullptr;
        return 0;
      case Op::CONNECTION_NEW:
        of.context = context_;
        connections_[operation.result] = call(of).object;
        return 0;
      case Op::SESSION_FREE:
        free_session(sessions_[operand[0]]);
        return 0;
      case Op::SET_SESSION:
        of.connection = connections_[operand[0]];
        of.session = sessions_[operand[1]];
        return call(of).value;
      case Op::GET1_SESSION:
      case Op::COPY_SESSION:
        of.connection = connections_[operand[0]];
        sessions_[operation.result] = call(of).object;
        return 0;
      case Op::ON_NEW:
        of.context = context_;
        of.value = operand[1] == kOnNewOff ? 0 : 1;
        return call(of).value;
      case Op::HANDSHAKE:
        of.connection = connections_[operand[0]];
        of.peer = connections_[operand[1]];
        of.value = number_values(operand_kind(row(operation.code), 2))[operand[2]].value;
        return call(of).value;
      case Op::CONNECTION_FREE:
        of.connection = connections_[operand[0]];
        return call(of).value;
      case Op::SHUTDOWN:
        of.connection = connections_[operand[0]];
        break;
      default:
        of.context = context_;
        break;
    }
    of.value = number_values(operand_kind(row(operation.code), 1))[operand[1]].value;
    return call(of).value;
  }

  LoadedTarget loaded_;
  void* context_ = nullptr;
  void* pooled_ = nullptr;
  std::array<void*, kMaxConnections> connections_{};
  std::array<void*, kMaxHandles> sessions_{};
};

Bare* Bare::running_ = nullptr;

std::string bare(const std::string& target, const Program& program, int programs, int repeats,
                 double& seconds) {
  // Never destroyed: the library's exit handlers may need it.
  auto* const application = new Bare;
  if (std::string error = application->start(target); !error.empty()) return error;
  return measure(programs, repeats, seconds, [&] { return application->run(program); });
}

using Loop = std::string (*)(const std::string&, const Program&, int, int, double&);

// In a process of its own.
Outcome in_process(Loop loop, const std::string& target, const Program& program, int programs,
                   int repeats) {
  Outcome outcome;
  void* const shared =
      mmap(nullptr, sizeof outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  auto* const answer = new (shared) Outcome;
  std::snprintf(answer->error.data(), answer->error.size(), "the process ended early");
  const pid_t child = fork();
  if (child == 0) {
    double seconds = 0;
    const std::string error = loop(target, program, programs, repeats, seconds);
    answer->seconds = seconds;
    std::snprintf(answer->error.data(), answer->error.size(), "%s", error.c_str());
    _exit(0);
  }
  if (child > 0) waitpid(child, nullptr, 0);
  outcome = *answer;
  munmap(shared, sizeof outcome);
  return outcome;
}

// What the target claims, as the bits of a number.
std::string claims(const std::string& target, const Program&, int, int, double& seconds) {
  LoadedTarget loaded;
  if (std::string error = loaded.open(target); !error.empty()) return error;
  seconds = std::bit_cast<double>(loaded.target().capabilities);
  return {};
}

bool can_run(std::uint64_t capabilities, const Kind& kind, const Program& program) {
  const std::string_view name = kind.name;
  const bool tls13 = (capabilities & LASTREF_CAN_TLS13) != 0;
  if (!tls13 && name.starts_with("TLS 1.3")) return false;
  const bool tickets = (capabilities & LASTREF_CAN_TICKETS) != 0;
  if (!tickets && name.ends_with("ticket")) return false;
  for (int i = 0; i < program.size; ++i) {
    const Op code = program.operations[static_cast<std::size_t>(i)].code;
    if ((row(code).capability & ~capabilities) != 0) return false;
  }
  return true;
}

void print(const Kind& kind, const char* what, double bare_seconds, double lockstep_seconds) {
  std::printf("%-18s %-8s %12.1f %12.1f %8.2f\n", kind.name, what, bare_seconds * 1e6,
              lockstep_seconds * 1e6, bare_seconds / lockstep_seconds);
}

constexpr const char* kLacks = "the target has not what it takes";

int run(const std::string& target, int programs, int repeats) {
  std::printf("%s, %d programs, best of %d, processor time\n", target.c_str(), programs, repeats);
  std::printf("%-18s %-8s %12s %12s %8s\n", "kind", "", "bare, us", "lockstep, us", "ratio");
  const Outcome claimed = in_process(claims, target, Program(), 1, 1);
  if (claimed.error[0] != '\0') {
    std::fprintf(stderr, "handshakes: %s\n", claimed.error.data());
    return 3;
  }
  const auto capabilities = std::bit_cast<std::uint64_t>(claimed.seconds);
  for (const Kind& kind : kKinds) {
    std::array<std::array<double, 2>, 2> seconds{};  // by resumptions or none, then by loop
    std::string error;
    for (std::size_t again = 0; again < 2 && error.empty(); ++again) {
      const std::string trace = text_of(kind, again == 0 ? 0 : kAgain, capabilities);
      const auto parsed = parse_trace(trace);
      if (const auto* wrong = std::get_if<TraceError>(&parsed)) {
        std::fprintf(stderr, "handshakes: %s\n", wrong->text("program").c_str());
        return 4;
      }
      const auto& program = std::get<Program>(parsed);
      if (!can_run(capabilities, kind, program)) {
        error = kLacks;
        break;
      }
      constexpr std::array<Loop, 2> kLoops = {bare, in_lockstep};
      for (std::size_t loop = 0; loop < kLoops.size() && error.empty(); ++loop) {
        const Outcome outcome = in_process(kLoops[loop], target, program, programs, repeats);
        seconds[again][loop] = outcome.seconds;
        error = outcome.error.data();
      }
    }
    if (error == kLacks) {
      std::printf("%-18s %s\n", kind.name, kLacks);
      continue;
    }
    if (error == "not resumed") {
      std::printf("%-18s the library does not resume such\n", kind.name);
      continue;
    }
    if (!error.empty()) {
      std::fprintf(stderr, "handshakes: %s: %s\n", kind.name, error.c_str());
      return 3;
    }
    print(kind, "full", seconds[0][0], seconds[0][1]);
    print(kind, "resumed", (seconds[1][0] - seconds[0][0]) / kAgain,
          (seconds[1][1] - seconds[0][1]) / kAgain);
  }
  return 0;
}

}  // namespace
}  // namespace lastref::bench

int main(int argc, char** argv) {
  const auto argument = [&](int place, int standard) {
    return argc > place ? std::max(1, std::atoi(argv[place])) : standard;
  };
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: handshakes TARGET [programs [repeats]]\n");
    return 2;
  }
  return lastref::bench::run(argv[1], argument(2, 500), argument(3, 7));
}
