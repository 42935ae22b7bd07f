// How this build counts references: one of lib/refcount, chosen by LASTREF_REFCOUNT in CMake.
#ifndef LASTREF_LIB_SESSION_COUNTER_H_
#define LASTREF_LIB_SESSION_COUNTER_H_

#include "lib/refcount/acquire_release.h"
#include "lib/refcount/biased.h"
#include "lib/refcount/locked.h"
#include "lib/refcount/plain.h"
#include "lib/refcount/saturating.h"
#include "lib/refcount/sequentially_consistent.h"
#include "lib/refcount/split.h"

namespace lr {

using Counter = lastref::refcount::LASTREF_REFCOUNT;

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_COUNTER_H_
