// What libFuzzer calls to mutate and to cross inputs that are programs.
#include "fuzz/entry.h"
#include "harness/fuzz/mutator.h"

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t capacity,
                                    unsigned seed) {
  return lastref::mutator().mutate(data, size, capacity, seed);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                      const std::uint8_t* second, std::size_t second_size,
                                      std::uint8_t* out, std::size_t capacity, unsigned seed) {
  return lastref::mutator().cross({first, first_size}, {second, second_size}, {out, capacity},
                                  seed);
}
