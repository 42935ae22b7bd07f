/* A target that has only sessions, for tests of what loads and drives targets. Its source is
   compiled into a test, or as an adapter with one of the faults below: -DFAKE_FAULT=FAKE_WRONG_ABI.
 */
#ifndef LASTREF_HARNESS_TARGET_TESTING_FAKE_TARGET_H_
#define LASTREF_HARNESS_TARGET_TESTING_FAKE_TARGET_H_

#include <lastref/target_abi.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fake_fault {
  FAKE_SOUND,
  /* What a loader must refuse. */
  FAKE_WRONG_ABI,
  FAKE_REFUSES_ABI,
  FAKE_SMALL,
  FAKE_NO_PERFORM,
  FAKE_NO_NAME,
  FAKE_START_FAILS,
  FAKE_START_FAILS_SILENTLY,
  /* What a probe must refuse. */
  FAKE_NO_SESSIONS,
  FAKE_NO_OBSERVER,
  FAKE_NEW_FAILS,
  FAKE_NEW_UNSUPPORTED,
  FAKE_OWN_ALLOCATOR,
  FAKE_INNER_ADDRESS,
  FAKE_DUP_OF_OTHER_SIZE,
  FAKE_NO_BIRTH,
  FAKE_DUP_BORN_TWICE,
  FAKE_NO_DEATH,
  FAKE_FREE_KEEPS_BLOCK,
  FAKE_WRONG_CLOCK
};

/* Where the source is compiled into a test: the target with that fault from now on. */
const lastref_target *fake_target(enum fake_fault wanted);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LASTREF_HARNESS_TARGET_TESTING_FAKE_TARGET_H_ */
