// In place of an adapter that is linked to the fuzzer: the one whose file LASTREF_FUZZ_ADAPTER
// names. For targets that were built elsewhere, which libFuzzer then has no counters of but the
// model's.
#include <dlfcn.h>
#include <lastref/target_abi.h>

#include <cstdio>
#include <cstdlib>

#include "harness/cli/exit_code.h"

extern "C" const lastref_target* lastref_target_open(uint32_t abi) {
  const char* const path = std::getenv("LASTREF_FUZZ_ADAPTER");
  // Never closed: the library may still be needed when the process ends.
  void* const adapter = path == nullptr ? nullptr : dlopen(path, RTLD_NOW);
  void* const open = adapter == nullptr ? nullptr : dlsym(adapter, "lastref_target_open");
  if (open == nullptr) {
    std::fprintf(stderr, "LASTREF_FUZZ_ADAPTER: found %s, expected the path of an adapter: %s\n",
                 path == nullptr ? "nothing" : path, path == nullptr ? "set it" : dlerror());
    std::exit(static_cast<int>(lastref::ExitCode::kCouldNotRun));
  }
  return reinterpret_cast<decltype(&lastref_target_open)>(open)(abi);
}
