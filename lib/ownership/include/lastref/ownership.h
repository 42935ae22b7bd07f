/* The ownership ledger: every reference to an object, who owns it, and where it was acquired.
 *
 * For any C or C++ code that counts references; docs/ledger.md shows how. The code tells the ledger
 * of each event beside its own counting; the ledger never counts for it and changes nothing that it
 * does. It answers each event with a verdict, and keeps the wrong ones as findings.
 *
 * Objects are known by their address and are never read, so that a release of a dead object is
 * judged without touching it: an ended object stays known until its address begins anew or the
 * table needs the room. For each owner of an object the last references that it released stay known
 * too (LASTREF_LEDGER_REMEMBERED), which tells a second release from a stray one.
 *
 * Every function may be called from any thread. None allocates memory, blocks, or calls back but
 * where it says so. The tables are bounded (LASTREF_LEDGER_OBJECTS, LASTREF_LEDGER_REFERENCES);
 * what does not fit is counted by lastref_ledger_dropped(), and its object is never accused.
 *
 * With LASTREF_LEDGER_OFF defined before the inclusion, every function is an empty inline one that
 * answers OK or 0: the code stays as it is, and neither it nor the linker sees the ledger.
 */
#ifndef LASTREF_OWNERSHIP_H_
#define LASTREF_OWNERSHIP_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Objects and references that the tables hold, live ones and remembered ones. */
#define LASTREF_LEDGER_OBJECTS 65536u
#define LASTREF_LEDGER_REFERENCES 131072u
/* Findings that are kept with their details. Later ones are only counted. */
#define LASTREF_LEDGER_FINDINGS 64u
/* Released references remembered for each owner of an object; one when the table is full. */
#define LASTREF_LEDGER_REMEMBERED 4u
/* Frames of a stack, the innermost first, and different stacks that are kept. */
#define LASTREF_LEDGER_FRAMES 16u
#define LASTREF_LEDGER_STACKS 16384u

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
  const void *site; /* the code address that acts; NULL for that which called the ledger */
  const char *name; /* for reports; NULL, or text that lives as long as the process */
} lastref_owner;

/* Names one reference. 0 is none. A cookie is never given out twice. */
typedef uint64_t lastref_cookie;

typedef enum lastref_ledger_verdict {
  LASTREF_LEDGER_OK = 0,
  LASTREF_LEDGER_LAST,                /* right, and no reference is left: the object must end now */
  LASTREF_LEDGER_UNKNOWN,             /* the object is not in the tables: nothing can be said */
  LASTREF_LEDGER_DOUBLE_FREE,         /* the owner has given back all that it acquired */
  LASTREF_LEDGER_BORROWED_FREE,       /* the owner never acquired */
  LASTREF_LEDGER_EARLY_FREE,          /* ended, or its address used anew, with references held */
  LASTREF_LEDGER_LEAK,                /* not ended although no reference is left, or at teardown */
  LASTREF_LEDGER_USE_AFTER_FREE,      /* a reference to, or a use of, an object that has ended */
  LASTREF_LEDGER_DANGLING_CACHE,      /* as early-free, and a cache holds a reference */
  LASTREF_LEDGER_DANGLING_CONNECTION, /* as early-free, and a connection does */
  LASTREF_LEDGER_MISCOUNT             /* the code's count is not that of the references */
} lastref_ledger_verdict;

/* Where an event is recorded from: not at all, one address, or the chain of frame pointers. */
typedef enum lastref_ledger_trace {
  LASTREF_LEDGER_TRACE_OFF = 0,
  LASTREF_LEDGER_TRACE_CALLER = 1,
  LASTREF_LEDGER_TRACE_STACK = 2
} lastref_ledger_trace;

typedef struct lastref_stack {
  uint32_t depth;
  const void *frames[LASTREF_LEDGER_FRAMES]; /* return addresses */
} lastref_stack;

/* When and from where. Sequence numbers are those of the thread, raised above that of every event
   that the object saw before: sorted by sequence and thread, the events of all threads stand in an
   order in which they can have happened. */
typedef struct lastref_moment {
  const void *site;           /* NULL when not recorded */
  const lastref_stack *stack; /* NULL when not recorded; valid until lastref_ledger_reset() */
  uint64_t sequence;          /* from 1; 0 for no moment */
  uint32_t thread;            /* from 1, in the order of the threads' first events */
} lastref_moment;

/* A reference that was released. */
typedef struct lastref_past_reference {
  lastref_moment acquired;
  lastref_moment released;
} lastref_past_reference;

/* A verdict that accuses. */
typedef struct lastref_ledger_finding {
  lastref_ledger_verdict verdict;
  const void *object;
  /* Who acted; for an early free, a dangling cache or connection and a leak, one that still holds.
     The site is that of the moment. */
  lastref_owner owner;
  lastref_moment moment;     /* of the event that is wrong; a leak: of the acquire that is left */
  const void *released_from; /* a double free: where the owner last released rightly, or NULL */
  /* A double free: the references that the owner had, the oldest first. Which of them was released
     twice only a cookie tells; then it is the only one. */
  lastref_past_reference candidates[LASTREF_LEDGER_REMEMBERED];
  uint32_t candidate_count;
  uint32_t event;       /* the number of the event in the object's life, from 0, its beginning */
  uint32_t outstanding; /* references to the object at that moment */
  uint32_t count;       /* a miscount: the code's count */
  int consequence;      /* 1: the object was accused before, and this may follow from that */
} lastref_ledger_finding;

/* A live reference. */
typedef struct lastref_ledger_reference {
  const void *object;
  lastref_owner owner; /* with the site of the acquire */
  lastref_moment acquired;
  uint32_t event; /* the number of the acquire in the object's life */
} lastref_ledger_reference;

#ifndef LASTREF_LEDGER_OFF

/* What the two functions of most events come to; the parts of an owner travel in registers. */
lastref_cookie lastref_ledger_acquire(const void *object, lastref_owner_kind kind, const void *id,
                                      const void *site, const char *name);
lastref_ledger_verdict lastref_ledger_release(const void *object, lastref_owner_kind kind,
                                              const void *id, const void *site);
/* Inlined always, so that who calls them is who called the ledger. */
#ifdef __cplusplus
#define LASTREF_LEDGER_INLINE __attribute__((always_inline)) inline
#else
#define LASTREF_LEDGER_INLINE __attribute__((always_inline)) static inline
#endif

/* The object comes to life; it has no reference yet. OK; EARLY_FREE, DANGLING_CACHE or
   DANGLING_CONNECTION when an object that has not ended is known at the address and is referenced.
   It is then forgotten. */
lastref_ledger_verdict lastref_object_begin(const void *object);

/* The owner acquires a reference. Returns its cookie, or 0 when the object is unknown or dead, or
   the table full. A dead object is a finding, USE_AFTER_FREE. */
LASTREF_LEDGER_INLINE lastref_cookie lastref_acquire(const void *object, lastref_owner owner) {
  return lastref_ledger_acquire(object, owner.kind, owner.id, owner.site, owner.name);
}

/* The owner releases one of its references, the one acquired last. To be called before the code's
   own count goes down, for afterwards the object may be gone. OK, LAST, UNKNOWN, DOUBLE_FREE,
   BORROWED_FREE, or USE_AFTER_FREE for a reference that was held when the object ended. */
LASTREF_LEDGER_INLINE lastref_ledger_verdict lastref_release(const void *object,
                                                             lastref_owner owner) {
  return lastref_ledger_release(object, owner.kind, owner.id, owner.site);
}

/* The reference with this cookie is released. As lastref_release(), but never BORROWED_FREE;
   UNKNOWN also for 0 or what is no cookie of the ledger. `site` as in lastref_owner. */
lastref_ledger_verdict lastref_release_cookie(lastref_cookie cookie, const void *site);

/* One reference changes its owner: `from` must not release it any more, `to` must. The one that
   `from` acquired last. Its cookie stays good. OK, UNKNOWN, and what a release by `from` may come
   to. */
lastref_ledger_verdict lastref_transfer(const void *object, lastref_owner from, lastref_owner to);
lastref_ledger_verdict lastref_transfer_cookie(lastref_cookie cookie, lastref_owner to);

/* The object is used without a change of its references. OK, UNKNOWN, USE_AFTER_FREE. */
lastref_ledger_verdict lastref_object_use(const void *object);

/* The code's own count of the object is `count`; no other thread may change it or the references
   meanwhile. OK; DANGLING_CACHE or DANGLING_CONNECTION when it is 0 and one of these still holds;
   MISCOUNT for any other difference; UNKNOWN. */
lastref_ledger_verdict lastref_object_count(const void *object, uint32_t count);

/* The object is destroyed. OK; EARLY_FREE, DANGLING_CACHE or DANGLING_CONNECTION when references
   are outstanding, which then are so no more; UNKNOWN. */
lastref_ledger_verdict lastref_object_end(const void *object);

/* References to the object that are outstanding, of all owners or of one; 0 for an unknown one. */
uint32_t lastref_outstanding(const void *object);
uint32_t lastref_held(const void *object, lastref_owner owner);

/* Calls `visit` for each outstanding reference, in no order. `visit` must not call the ledger.
   Returns their number. */
size_t lastref_ledger_report(void (*visit)(void *argument,
                                           const lastref_ledger_reference *reference),
                             void *argument);

/* Records a LEAK for every object that has not ended although nobody owns a reference to it.
   Returns their number. */
size_t lastref_ledger_check(void);
/* The same for every object that has not ended at all: for a moment at which none may be left. The
   owner of the finding is one of those that hold the object. */
size_t lastref_ledger_teardown(void);

/* Copies the oldest kept findings, `capacity` at most; returns how many were copied. */
size_t lastref_ledger_findings(lastref_ledger_finding *out, size_t capacity);
/* How many findings there were, also those beyond LASTREF_LEDGER_FINDINGS. */
size_t lastref_ledger_finding_count(void);
/* Events that found no room. */
size_t lastref_ledger_dropped(void);

/* From where events are recorded from now on; at first CALLER. STACK needs code that is compiled
   with -fno-omit-frame-pointer, and allocates at the first event of a thread; 5 KB of it stay
   until the thread ends. */
void lastref_ledger_set_trace(lastref_ledger_trace asked);

/* Who holds how many references to the object, and who released which, as text. Allocates. */
void lastref_object_print(const void *object, FILE *out);
/* All findings, then all outstanding references in the order of their acquires. Allocates. */
void lastref_ledger_print(FILE *out);
/* The same to stderr when the process exits, if there is anything to tell. */
void lastref_ledger_print_at_exit(void);

/* Forgets everything. No other function may run meanwhile. */
void lastref_ledger_reset(void);

/* The verdict in words: "double-free". Static. */
const char *lastref_ledger_verdict_name(lastref_ledger_verdict verdict);

#else
#include <lastref/ownership_off.h>
#endif

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LASTREF_OWNERSHIP_H_ */
