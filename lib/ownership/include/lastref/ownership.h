/* The ownership ledger: every reference to an object, who owns it, and where it was acquired.
 *
 * For any C or C++ code that counts references. The code tells the ledger of each event beside its
 * own counting; the ledger never counts for it and changes nothing that it does. It answers each
 * event with a verdict, and keeps the wrong ones as findings.
 *
 * Objects are known by their address and are never read, so that a release of a dead object is
 * judged without touching it: an ended object stays known until its address begins anew or the
 * table needs the room.
 *
 * Every function may be called from any thread. None allocates memory, blocks, or calls back but
 * where it says so. The tables are bounded (LASTREF_LEDGER_OBJECTS, LASTREF_LEDGER_REFERENCES);
 * what does not fit is counted by lastref_ledger_dropped(), and its object is never accused.
 */
#ifndef LASTREF_OWNERSHIP_H_
#define LASTREF_OWNERSHIP_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Objects and references that the tables hold, live ones and remembered ones. */
#define LASTREF_LEDGER_OBJECTS 65536u
#define LASTREF_LEDGER_REFERENCES 131072u
/* Findings that are kept with their details. Later ones are only counted. */
#define LASTREF_LEDGER_FINDINGS 64u

/* Who must release a reference. With an id (the address of the cache or of the connection) the
   kinds name one owner; references of one owner to one object are interchangeable. */
typedef enum lastref_owner_kind {
  LASTREF_OWNER_APPLICATION = 1,
  LASTREF_OWNER_CACHE = 2,
  LASTREF_OWNER_CONNECTION = 3,
  LASTREF_OWNER_OTHER = 4 /* the library itself, for the length of a call */
} lastref_owner_kind;

typedef struct lastref_owner {
  lastref_owner_kind kind;
  const void *id;   /* may be NULL; never dereferenced */
  const void *site; /* the code address that acts, for reports; may be NULL */
} lastref_owner;

/* Names one reference. 0 is none. A cookie is never given out twice. */
typedef uint64_t lastref_cookie;

typedef enum lastref_ledger_verdict {
  LASTREF_LEDGER_OK = 0,
  LASTREF_LEDGER_LAST,          /* right, and no reference is left: the object must end now */
  LASTREF_LEDGER_UNKNOWN,       /* the object is not in the tables: nothing can be said */
  LASTREF_LEDGER_DOUBLE_FREE,   /* the owner has given back all that it acquired */
  LASTREF_LEDGER_BORROWED_FREE, /* the owner never acquired */
  LASTREF_LEDGER_EARLY_FREE,    /* ended, or its address used anew, with references outstanding */
  LASTREF_LEDGER_LEAK,          /* not ended although no reference is left */
  LASTREF_LEDGER_DEAD_ACQUIRE   /* a reference to an object that has ended */
} lastref_ledger_verdict;

/* A verdict that accuses. */
typedef struct lastref_ledger_finding {
  lastref_ledger_verdict verdict;
  const void *object;
  lastref_owner owner;       /* who acted */
  const void *released_from; /* a double free: where the owner last released rightly, or NULL */
  uint32_t event;       /* the number of the event in the object's life, from 0, its beginning */
  uint32_t outstanding; /* references to the object at that moment */
} lastref_ledger_finding;

/* A live reference. */
typedef struct lastref_ledger_reference {
  const void *object;
  lastref_owner owner; /* with the site of the acquire */
  uint32_t event;      /* the number of the acquire in the object's life */
} lastref_ledger_reference;

/* The object comes to life; it has no reference yet. OK, or EARLY_FREE when an object that has not
   ended is known at the address, which is then forgotten. */
lastref_ledger_verdict lastref_object_begin(const void *object);

/* The owner acquires a reference. Returns its cookie, or 0 when the object is unknown or dead, or
   the table full. A dead object is a finding. */
lastref_cookie lastref_acquire(const void *object, lastref_owner owner);

/* The owner releases one of its references, the one acquired last. To be called before the code's
   own count goes down, for afterwards the object may be gone. OK, LAST, UNKNOWN, DOUBLE_FREE or
   BORROWED_FREE. */
lastref_ledger_verdict lastref_release(const void *object, lastref_owner owner);

/* The reference with this cookie is released. OK, LAST, UNKNOWN (0, or no cookie of the ledger), or
   DOUBLE_FREE. `site` as in lastref_owner. */
lastref_ledger_verdict lastref_release_cookie(lastref_cookie cookie, const void *site);

/* The object is destroyed. OK; EARLY_FREE when references are outstanding, which are then dropped;
   UNKNOWN. */
lastref_ledger_verdict lastref_object_end(const void *object);

/* References to the object that are outstanding; 0 for an unknown one. */
uint32_t lastref_outstanding(const void *object);

/* Calls `visit` for each outstanding reference, in no order. `visit` must not call the ledger.
   Returns their number. */
size_t lastref_ledger_report(void (*visit)(void *argument,
                                           const lastref_ledger_reference *reference),
                             void *argument);

/* Records a LEAK for every object that has not ended although nobody owns a reference to it. For
   the end of a test or of a process. Returns their number. */
size_t lastref_ledger_check(void);

/* Copies the oldest kept findings, `capacity` at most; returns how many were copied. */
size_t lastref_ledger_findings(lastref_ledger_finding *out, size_t capacity);
/* How many findings there were, also those beyond LASTREF_LEDGER_FINDINGS. */
size_t lastref_ledger_finding_count(void);
/* Events that found no room. */
size_t lastref_ledger_dropped(void);

/* Forgets everything. No other function may run meanwhile. */
void lastref_ledger_reset(void);

/* The verdict in words: "double-free". Static. */
const char *lastref_ledger_verdict_name(lastref_ledger_verdict verdict);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LASTREF_OWNERSHIP_H_ */
