/* The ledger compiled out: <lastref/ownership.h> includes this where LASTREF_LEDGER_OFF is defined.
 * Every function answers as if nothing was ever wrong, and leaves no code behind. */
#ifndef LASTREF_OWNERSHIP_OFF_H_
#define LASTREF_OWNERSHIP_OFF_H_

/* Unused ones do not warn. */
#define LASTREF_LEDGER_EMPTY __attribute__((unused)) static inline

LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_object_begin(const void *object) {
  (void)object;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_cookie lastref_acquire(const void *object, lastref_owner owner) {
  (void)object, (void)owner;
  return 0;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_release(const void *object,
                                                            lastref_owner owner) {
  (void)object, (void)owner;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_release_cookie(lastref_cookie cookie,
                                                                   const void *site) {
  (void)cookie, (void)site;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_transfer(const void *object, lastref_owner from,
                                                             lastref_owner to) {
  (void)object, (void)from, (void)to;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_transfer_cookie(lastref_cookie cookie,
                                                                    lastref_owner to) {
  (void)cookie, (void)to;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_object_use(const void *object) {
  (void)object;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_object_count(const void *object,
                                                                 uint32_t count) {
  (void)object, (void)count;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY lastref_ledger_verdict lastref_object_end(const void *object) {
  (void)object;
  return LASTREF_LEDGER_OK;
}
LASTREF_LEDGER_EMPTY uint32_t lastref_outstanding(const void *object) {
  (void)object;
  return 0;
}
LASTREF_LEDGER_EMPTY uint32_t lastref_held(const void *object, lastref_owner owner) {
  (void)object, (void)owner;
  return 0;
}
LASTREF_LEDGER_EMPTY size_t lastref_ledger_report(void (*visit)(void *,
                                                                const lastref_ledger_reference *),
                                                  void *argument) {
  (void)visit, (void)argument;
  return 0;
}
LASTREF_LEDGER_EMPTY size_t lastref_ledger_check(void) { return 0; }
LASTREF_LEDGER_EMPTY size_t lastref_ledger_teardown(void) { return 0; }
LASTREF_LEDGER_EMPTY size_t lastref_ledger_findings(lastref_ledger_finding *out, size_t capacity) {
  (void)out, (void)capacity;
  return 0;
}
LASTREF_LEDGER_EMPTY size_t lastref_ledger_finding_count(void) { return 0; }
LASTREF_LEDGER_EMPTY size_t lastref_ledger_dropped(void) { return 0; }
LASTREF_LEDGER_EMPTY void lastref_ledger_set_trace(lastref_ledger_trace trace) { (void)trace; }
LASTREF_LEDGER_EMPTY void lastref_object_print(const void *object, FILE *out) {
  (void)object, (void)out;
}
LASTREF_LEDGER_EMPTY void lastref_ledger_print(FILE *out) { (void)out; }
LASTREF_LEDGER_EMPTY void lastref_ledger_print_at_exit(void) {}
LASTREF_LEDGER_EMPTY void lastref_ledger_reset(void) {}
LASTREF_LEDGER_EMPTY const char *lastref_ledger_verdict_name(lastref_ledger_verdict verdict) {
  (void)verdict;
  return "ok";
}

#undef LASTREF_LEDGER_EMPTY

#endif /* LASTREF_OWNERSHIP_OFF_H_ */
