// BoringSSL takes its memory from three functions of fixed names, where the program has them. The
// adapter has them, and hands on what the host lends.
#ifndef LASTREF_HARNESS_TARGET_BORINGSSL_MEMORY_H_
#define LASTREF_HARNESS_TARGET_BORINGSSL_MEMORY_H_

#include <cstddef>

namespace lastref::boringssl {

// How often the library has asked for memory. A library that was loaded before the adapter has
// bound to nobody's functions and never asks; what it asks for before the host is there it does not
// get.
std::size_t allocations();

}  // namespace lastref::boringssl

#endif  // LASTREF_HARNESS_TARGET_BORINGSSL_MEMORY_H_
