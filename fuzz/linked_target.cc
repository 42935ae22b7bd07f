#include "fuzz/linked_target.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/extra_counters.h"
#include "fuzz/fuzzer_config.h"
#include "fuzz/known_hazards.h"
#include "harness/cli/exit_code.h"
#include "harness/memory/heap.h"

// LeakSanitizer does not search the target's heap, which is memory of our own, so that what
// GnuTLS's numbers and certificates keep in libraries with an allocator of theirs looks lost to it.
// What the target itself loses the heap counts.
// Nor does AddressSanitizer's quarantine hold what the target released, which the heap keeps
// itself; of the harness's own blocks it keeps thousands of inputs' at this size, and is spared the
// pages of a quarter of a gigabyte.
extern "C" const char* __asan_default_options();
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_options();
const char* __asan_default_options() { return "quarantine_size_mb=16"; }
const char* __lsan_default_suppressions() { return "leak:libgmp.so\nleak:libtasn1.so\n"; }
const char* __lsan_default_options() { return "print_suppressions=0"; }

namespace lastref {
namespace {

// LASTREF_FUZZ_CONTEXTS in the environment: "again", which is the default, or "fresh".
bool contexts_are_reused() {
  const char* const asked = std::getenv("LASTREF_FUZZ_CONTEXTS");
  const std::string word = asked == nullptr ? "again" : asked;
  if (word == "again" || word == "fresh") return word == "again";
  std::fprintf(stderr, "LASTREF_FUZZ_CONTEXTS: found '%s', expected 'again' or 'fresh'\n", asked);
  std::exit(static_cast<int>(ExitCode::kUsage));
}

[[noreturn]] void stop(const std::string& report) {
  std::fprintf(stderr, "%s\n", report.c_str());
  std::abort();
}

void stop_at_runaway(void* target, std::size_t bytes) {
  stop(static_cast<const FuzzedTarget*>(target)->report(Discrepancy::kMemoryUsedUp,
                                                        static_cast<std::int64_t>(bytes)));
}

}  // namespace

FuzzedTarget& linked_target() {
  // Never destroyed: a library that ends with the process may still ask for memory.
  static FuzzedTarget* const linked = [] {
    auto* const made = new FuzzedTarget(extra_counters);
    const lastref_target& target = *lastref_target_open(LASTREF_TARGET_ABI);
    FuzzOptions options;
    options.without = kFuzzerConfig.without;
    options.hazards = [&](std::string_view version) { return known_hazards(target.name, version); };
    if (const std::string error = made->start(target, options); !error.empty()) {
      std::fprintf(stderr, "%s\n", error.c_str());
      std::exit(static_cast<int>(ExitCode::kCouldNotRun));
    }
    made->set_reuse_contexts(contexts_are_reused());
    heap().set_runaway_handler(stop_at_runaway, made);
    return made;
  }();
  return *linked;
}

void stop_at_finding(const Symptoms& symptoms) {
  if (!symptoms.empty()) stop(linked_target().report());
  if (kFuzzerConfig.watcher == nullptr) return;
  if (const std::string wrong = kFuzzerConfig.watcher(); !wrong.empty()) {
    stop(wrong + "\n" + linked_target().report());
  }
}

}  // namespace lastref
