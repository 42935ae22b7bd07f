// The same calls, chosen by the bytes of a fuzzing engine. LASTREF_PLAIN_LIBRARY names the library.
#include <cstdlib>
#include <memory>

#include "harness/mutants/plain/calls.h"

namespace {

std::unique_ptr<plain::Calls>& calls() {
  static std::unique_ptr<plain::Calls> made;
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const path = std::getenv("LASTREF_PLAIN_LIBRARY");
  calls() = std::make_unique<plain::Calls>(plain::load(path == nullptr ? "" : path));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::size_t at = 0;
  calls()->run([&](std::uint32_t bound) { return at < size ? data[at++] % bound : 0; });
  return 0;
}
