#include "harness/target/testing/fake_target.h"

#include <stddef.h>
#include <stdio.h>

#ifndef FAKE_FAULT
#define FAKE_FAULT FAKE_SOUND
#endif

typedef struct {
  int references;
  int64_t time;
} fake_session;

static enum fake_fault fault = FAKE_FAULT;
static const lastref_host *host;
static fake_session own[4]; /* where FAKE_OWN_ALLOCATOR takes its one session from */

static int start(const lastref_host *from, char *error, size_t error_size) {
  if (fault == FAKE_START_FAILS_SILENTLY) return -1;
  if (fault == FAKE_START_FAILS) {
    snprintf(error, error_size, "the fake wants no start");
    return -1;
  }
  host = from;
  return 0;
}

static const char *version(void) { return "Fake 1.0"; }

static void *make(int is_dup) {
  size_t size = sizeof(fake_session) + 16;
  if (is_dup && fault == FAKE_DUP_OF_OTHER_SIZE) size += 16;
  char *block = fault == FAKE_OWN_ALLOCATOR ? (char *)own : host->allocate(size);
  if (block == NULL) return NULL;
  if (fault == FAKE_INNER_ADDRESS) block += 16;
  fake_session *session = (fake_session *)(void *)block;
  session->references = 1;
  session->time = host->now() + (fault == FAKE_WRONG_CLOCK ? 5 : 0);
  if (fault != FAKE_NO_BIRTH) host->born(session);
  if (is_dup && fault == FAKE_DUP_BORN_TWICE) host->born(session);
  return session;
}

static void release(fake_session *session) {
  if (session == NULL || --session->references > 0) return;
  if (fault != FAKE_NO_DEATH) host->died(session);
  if (fault == FAKE_FREE_KEEPS_BLOCK || fault == FAKE_OWN_ALLOCATOR) return;
  host->release((char *)session - (fault == FAKE_INNER_ADDRESS ? 16 : 0));
}

static int perform(const lastref_call *call, lastref_result *result) {
  fake_session *session = call->session;
  switch (call->operation) {
    case LASTREF_OP_SESSION_NEW:
      if (fault == FAKE_NEW_UNSUPPORTED) break;
      if (fault != FAKE_NEW_FAILS) result->object = make(0);
      return 0;
    case LASTREF_OP_SESSION_DUP:
      result->object = make(1);
      return 0;
    case LASTREF_OP_SESSION_UP_REF:
      result->value = ++session->references > 1;
      return 0;
    case LASTREF_OP_SESSION_FREE:
      release(session);
      return 0;
    case LASTREF_OP_GET_TIME:
      result->value = session->time;
      return 0;
    default:
      break;
  }
  result->unsupported = 1;
  return 0;
}

static void view_session(const void *session, lastref_session_view *view) {
  view->time = ((const fake_session *)session)->time;
}

static void view_context(const void *context, lastref_context_view *view) {
  (void)context;
  (void)view;
}

static int reset_context(void *context) {
  (void)context;
  return -1;
}

static void quiesce(void) {}

static lastref_target target = {
    .size = sizeof(lastref_target),
    .abi = LASTREF_TARGET_ABI,
    .name = "fake",
    .start = start,
    .version = version,
    .perform = perform,
    .view_session = view_session,
    .view_context = view_context,
    .reset_context = reset_context,
    .quiesce = quiesce,
};

const lastref_target *fake_target(enum fake_fault wanted) {
  fault = wanted;
  target.capabilities = LASTREF_CAN_DUP | LASTREF_CAN_CLOCK | LASTREF_CAN_COUNT_REFERENCES;
  if (fault != FAKE_NO_SESSIONS) target.capabilities |= LASTREF_CAN_SESSION;
  if (fault != FAKE_NO_OBSERVER) target.capabilities |= LASTREF_SEES_BLOCKS | LASTREF_SEES_EX_DATA;
  target.abi = LASTREF_TARGET_ABI + (fault == FAKE_WRONG_ABI ? 1 : 0);
  target.size = sizeof(lastref_target) - (fault == FAKE_SMALL ? 8 : 0);
  target.perform = fault == FAKE_NO_PERFORM ? NULL : perform;
  target.name = fault == FAKE_NO_NAME ? NULL : "fake";
  return fault == FAKE_REFUSES_ABI ? NULL : &target;
}

#ifndef FAKE_NO_SYMBOL
const lastref_target *lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? fake_target(FAKE_FAULT) : NULL;
}
#endif
