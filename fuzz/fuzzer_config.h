// What tells one fuzzer of a target from another, apart from the adapter that is linked to it.
#ifndef LASTREF_FUZZ_FUZZER_CONFIG_H_
#define LASTREF_FUZZ_FUZZER_CONFIG_H_

#include <cstdint>
#include <string>

#include "harness/generate/mix.h"

namespace lastref {

struct FuzzerConfig {
  const char* baseline;   // the text of corpus/baseline/<target>.txt; empty where there is none
  std::uint64_t without;  // capabilities that programs make no use of
  MixKind mix;            // what mutations draw operations from
  // What else watches the target: says after a program what is wrong, nothing if it is empty. May
  // be NULL.
  std::string (*watcher)();
};

// Defined in a file of each fuzzer's own: fuzzer_config.cc.in.
extern const FuzzerConfig kFuzzerConfig;

}  // namespace lastref

#endif  // LASTREF_FUZZ_FUZZER_CONFIG_H_
