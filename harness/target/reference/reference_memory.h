// The reference's memory. Part of the adapter's one translation unit.
#ifndef LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_MEMORY_H_
#define LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_MEMORY_H_

#include <lastref/session.h>
#include <lastref/target_abi.h>

namespace lastref::reference {

// Makes the host's functions the library's, and sees that they stay so: lr_set_mem_functions()
// takes "all three or none", and only "before the first allocation". NULL, or what is wrong.
inline const char* install_memory(const lastref_host& host) {
  if (lr_set_mem_functions(host.allocate, host.reallocate, host.release) != 1) {
    return "the library has allocated before its start";
  }
  if (lr_set_mem_functions(host.allocate, nullptr, host.release) != 0) {
    return "the library takes functions for memory of which one is missing";
  }
  lr_SESSION_free(lr_SESSION_new());
  if (lr_set_mem_functions(host.allocate, host.reallocate, host.release) != 0) {
    return "the library takes other functions for memory after its first allocation";
  }
  return nullptr;
}

}  // namespace lastref::reference

#endif  // LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_MEMORY_H_
