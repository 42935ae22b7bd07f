// Puts functions of ours in the place of those that a loaded library takes from the C library. It
// is for a library whose allocator can be set at its compilation only: as packaged, it calls
// calloc() and free(), and nothing but the loader's table of its imports stands between.
#ifndef LASTREF_HARNESS_TARGET_SHARED_IMPORTS_H_
#define LASTREF_HARNESS_TARGET_SHARED_IMPORTS_H_

#include <span>
#include <string_view>

namespace lastref {

// A function that a library imports by name, and what it is to call instead.
struct Import {
  std::string_view name;
  const void* replacement;
};

// In the library that holds `inside`, the address of one of its functions. How many of its imports
// were replaced; -1 when it is not found, or its table cannot be written to.
int replace_imports(const void* inside, std::span<const Import> imports);

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_SHARED_IMPORTS_H_
