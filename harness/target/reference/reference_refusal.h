// A dup function of ex_data that refuses. Part of the adapter's one translation unit.
#ifndef LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_REFUSAL_H_
#define LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_REFUSAL_H_

#include <lastref/session.h>

#include <cstdint>

namespace lastref::reference {

inline constinit bool refusing = false;

// The value is copied, or the whole dup is refused.
inline int copy_value(LR_EX_DATA*, const LR_EX_DATA*, void**, int, long, void*) {
  return refusing ? 0 : 1;
}

// What LASTREF_OP_DUP_REFUSED returns.
inline std::int64_t dup_refused(const LR_SESSION* session) {
  refusing = true;
  LR_SESSION* const copy = lr_SESSION_dup(session);
  refusing = false;
  if (copy == nullptr) return 1;
  lr_SESSION_free(copy);
  return 2;
}

}  // namespace lastref::reference

#endif  // LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_REFUSAL_H_
