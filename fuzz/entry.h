// What a fuzzer's entry point defines: libFuzzer's functions, and one for the standalone driver.
// libFuzzer, AFL++'s driver, honggfuzz and fuzz/replay_main.cc all call them by these names.
#ifndef LASTREF_FUZZ_ENTRY_H_
#define LASTREF_FUZZ_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

extern "C" {
int LLVMFuzzerInitialize(int* count, char*** arguments);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Only where an input is more than bytes: custom_mutator.cc.
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t capacity,
                                    unsigned seed);
std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                      const std::uint8_t* second, std::size_t second_size,
                                      std::uint8_t* out, std::size_t capacity, unsigned seed);
}

namespace lastref {

class Mutator;

using Input = std::vector<std::uint8_t>;

// The input in words, as far as it can be told without running it.
std::string describe_input(std::span<const std::uint8_t> input);

// Inputs to begin with, made of a trace; none where it is no good for that.
std::vector<Input> seeds_of(const std::string& trace);

// The hazards that are gone round, as the option --hazards of lastref takes them.
std::string hazards();

// Words for a mutator of bytes, in libFuzzer's format; empty for an entry that needs none.
std::string dictionary();

// Of an entry whose inputs are programs: what custom_mutator.cc hands libFuzzer's mutations on to.
Mutator& mutator();

}  // namespace lastref

#endif  // LASTREF_FUZZ_ENTRY_H_
