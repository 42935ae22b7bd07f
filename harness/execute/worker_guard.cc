#include "harness/execute/worker_guard.h"

#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/execute/worker_process.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/memory/heap_asan.h"

namespace lastref {
namespace {

constexpr std::array kCrashSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

// A crash may be the end of the stack, so handlers have one of their own.
constexpr std::size_t kHandlerStackBytes = std::size_t{64} << 10;
alignas(16) std::array<std::byte, kHandlerStackBytes> handler_stack;

SharedProgress* guarded = nullptr;
bool in_worker = false;

// Of the hang: where the worker was at the last tick, and for how many ticks.
std::uint64_t tick_program = 0;
std::uint32_t tick_operation = 0;
std::int64_t ticks_in_program = 0;
std::int64_t ticks_in_operation = 0;
std::int64_t tick_limit = 0;

// Text without allocation: it is put together in signal handlers.
class Text {
 public:
  Text& operator<<(std::string_view text) {
    const std::size_t part = std::min(text.size(), buffer_.size() - size_);
    std::copy_n(text.data(), part, buffer_.data() + size_);
    size_ += part;
    return *this;
  }
  Text& operator<<(std::uint64_t number) {
    std::array<char, 20> digits{};
    std::size_t first = digits.size();
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(digits.data() + first, digits.size() - first);
  }
  std::string_view view() const { return {buffer_.data(), size_}; }

 private:
  std::array<char, kDetailBytes> buffer_{};
  std::size_t size_ = 0;
};

// The block that an address lies in, in words; nothing for addresses outside of the heap.
void describe_address(Text& text, const void* address) {
  const BlockInfo info = heap().describe(address);
  if (info.state == BlockState::kForeign) return;
  text << " at byte " << std::uint64_t{info.offset} << " of a "
       << (info.state == BlockState::kLive ? "live " : "released ")
       << (info.session ? "session's block of " : "block of ") << std::uint64_t{info.size}
       << " bytes";
}

std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGABRT:
      return "SIGABRT";
    case SIGTRAP:
      return "SIGTRAP";
    default:
      return "SIGSYS";
  }
}

// Ends the worker with a verdict whose other fields the caller knows. Only async-signal-safe calls.
[[noreturn]] void end_with(Verdict kind, int signal, const void* address, std::string_view detail) {
  guarded->verdict.signal = signal;
  guarded->verdict.address = reinterpret_cast<std::uintptr_t>(address);
  end_worker_with(*guarded, kind, detail);
}

// Where a signal stopped the process, and what the instruction there did to memory.
struct Interrupted {
  std::uintptr_t instruction = 0;
  Access access = Access::kUnknown;
};

Interrupted interrupted(const void* context) {
  Interrupted at;
#if defined(__x86_64__)
  constexpr greg_t kWrites = 2;  // of a page fault's error code
  const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  at.instruction = static_cast<std::uintptr_t>(registers[REG_RIP]);
  at.access = (registers[REG_ERR] & kWrites) != 0 ? Access::kWrite : Access::kRead;
#elif defined(__aarch64__)
  at.instruction = static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
#else
  static_cast<void>(context);
#endif
  return at;
}

// Ends the worker with a fault of the target's as its verdict, in the form of symptoms.
[[noreturn]] void end_with_fault(const MemoryFault& fault, int signal, const void* address) {
  const std::uint32_t operation = guarded->operation.load(std::memory_order_relaxed);
  if (guarded->memory.empty()) {
    guarded->memory = fault;
    guarded->memory.touched_at = static_cast<std::uint16_t>((operation & kOperationIndex) + 1);
  }
  Symptoms symptoms;
  symptoms.add(symptom_of(fault, operation));
  end_with(symptoms.cause().verdict, signal, address,
           {reinterpret_cast<const char*>(&symptoms), sizeof symptoms});
}

void on_crash(int signal, siginfo_t* info, void* context) {
  if (!in_worker) {
    // Not ours to judge: once more, and with the usual effect.
    ::signal(signal, SIG_DFL);
    raise(signal);
    return;
  }
  Text text;
  text << signal_name(signal);
  const void* address = nullptr;
  if (signal == SIGSEGV || signal == SIGBUS) {
    address = info->si_addr;
    const Interrupted at = interrupted(context);
    MemoryFault fault = faulting_access(address, at.access);
    if (inside_target && !fault.empty()) {
      fault.touched = interrupted_stack(at.instruction);
      end_with_fault(fault, signal, address);
    }
    describe_address(text, address);
  }
  end_with(Verdict::kCrash, signal, address, text.view());
}

void on_tick(int /*signal*/) {
  if (!in_worker) return;
  const std::uint64_t program = guarded->program.load(std::memory_order_relaxed);
  const std::uint32_t operation = guarded->operation.load(std::memory_order_relaxed);
  if (program != tick_program) {
    ticks_in_program = ticks_in_operation = 0;
  } else if (operation != tick_operation) {
    ticks_in_operation = 0;
  }
  tick_program = program;
  tick_operation = operation;
  ++ticks_in_program;
  ++ticks_in_operation;
  // The first tick after a change came early: it does not count.
  if (ticks_in_operation > tick_limit) {
    end_with(Verdict::kHang, 0, nullptr, "no end within the processor time of an operation");
  }
  if (ticks_in_program > tick_limit * kProgramHangFactor) {
    end_with(Verdict::kHang, 0, nullptr, "no end within the processor time of a program");
  }
}

void on_runaway(void* /*context*/, std::size_t bytes) {
  if (!in_worker) return;
  Text text;
  text << "the target asked to hold " << std::uint64_t{bytes} << " bytes at once";
  end_with(Verdict::kRunawayMemory, 0, nullptr, text.view());
}

#if LASTREF_ASAN
// The beginning of the sanitizer's own report, kept for the verdict.
Text sanitizer_text;

void on_sanitizer_report(const char* report) {
  if (in_worker) sanitizer_text << report;
}

// Called before a sanitizer ends the process.
void on_sanitizer_death() {
  if (!in_worker) return;
  const bool asan = __asan_report_present() != 0;
  const void* const address = asan ? __asan_get_report_address() : nullptr;
  const std::string_view what = asan ? __asan_get_report_description() : "";
  Verdict kind = Verdict::kCrash;
  Text text;
  text << "sanitizer: " << (what.empty() ? "undefined behaviour" : what);
  if (what == "use-after-poison") {
    MemoryFault fault = faulting_access(
        address, __asan_get_report_access_type() != 0 ? Access::kWrite : Access::kRead);
    if (inside_target && !fault.empty()) {
      fault.touched = interrupted_stack(reinterpret_cast<std::uintptr_t>(__asan_get_report_pc()));
      end_with_fault(fault, 0, address);
    }
    describe_address(text, address);
    const BlockState state = heap().describe(address).state;
    kind = state == BlockState::kReleased || state == BlockState::kQuarantined
               ? Verdict::kUseAfterFree
               : Verdict::kHeapCorruption;
  } else if (what == "heap-use-after-free") {
    kind = Verdict::kUseAfterFree;
  } else if (what.find("overflow") != what.npos || what.find("free") != what.npos) {
    kind = Verdict::kHeapCorruption;
  }
  text << "\n" << sanitizer_text.view();
  end_with(kind, 0, address, text.view());
}
#endif

void install(int signal, int flags, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = flags | SA_SIGINFO | SA_ONSTACK;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void end_worker_with(SharedProgress& progress, Verdict kind, std::string_view detail) {
  VerdictRecord& verdict = progress.verdict;
  if (progress.convicted.load(std::memory_order_relaxed) == 0) {
    verdict.where = inside_target ? Where::kTarget : Where::kHarness;
    verdict.ended = 1;
  }
  progress.convict(kind, progress.operation.load(std::memory_order_relaxed), detail);
  _exit(kWorkerDone);
}

void install_worker_guard(SharedProgress& progress) {
  guarded = &progress;
  prepare_call_stacks();
  stack_t stack{};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  sigaltstack(&stack, nullptr);
  for (const int signal : kCrashSignals) install(signal, 0, on_crash);
  // SA_RESTART: a tick must not make a target's system call fail.
  install(SIGPROF, SA_RESTART, [](int signal, siginfo_t*, void*) { on_tick(signal); });
  heap().set_runaway_handler(on_runaway, nullptr);
#if LASTREF_ASAN
  __asan_set_error_report_callback(on_sanitizer_report);
  __sanitizer_set_death_callback(on_sanitizer_death);
#endif
}

void arm_worker_guard(std::chrono::milliseconds hang) {
  using std::chrono::microseconds;
  const std::chrono::milliseconds tick = std::min(hang, kHangTick);
  tick_limit = std::max<std::int64_t>(1, hang / std::max(tick, std::chrono::milliseconds{1}));
  tick_program = guarded->program.load(std::memory_order_relaxed);
  tick_operation = guarded->operation.load(std::memory_order_relaxed);
  ticks_in_program = ticks_in_operation = 0;
  inside_target = false;
  in_worker = true;
  itimerval timer{};
  timer.it_interval.tv_usec = microseconds(tick).count();
  timer.it_value = timer.it_interval;
  setitimer(ITIMER_PROF, &timer, nullptr);
}

}  // namespace lastref
