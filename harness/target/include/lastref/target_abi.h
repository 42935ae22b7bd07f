/* The C ABI of a target: what an adapter exports so that lastref can drive a TLS library.
 *
 * An adapter is one shared object that links the library and exports lastref_target_open(). It may
 * be written in C or C++, needs this header and lastref/operations.def, and nothing else of ours.
 * See docs/adapter.md for a walk through one.
 *
 * Rules for the whole interface
 *  - One process, one adapter: two TLS libraries that export the same names are never loaded
 * together.
 *  - Every struct begins with its size in bytes, as its writer knows it. A reader touches no field
 *    beyond it, so that old adapters and new harnesses understand each other.
 *  - Pointers to sessions, contexts and connections are the library's own, never wrapped: the
 * harness compares them with the blocks that it handed out. They are borrowed unless said
 * otherwise.
 *  - No function throws or keeps a pointer that it was given beyond its return, but for the host.
 */
#ifndef LASTREF_TARGET_ABI_H_
#define LASTREF_TARGET_ABI_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a struct changes in a way that its size does not tell. */
#define LASTREF_TARGET_ABI 1u

/* LASTREF_OP_SESSION_NEW and so on: the rows of the operation table. */
enum {
#define LASTREF_OPERATION(number, id, name, result, operands, effect, capability, weight, c) \
  LASTREF_OP_##id = (number),
#include <lastref/operations.def>
#undef LASTREF_OPERATION
  LASTREF_OP_LIMIT = 128 /* operation numbers stay below it */
};

/* What a library has. A program that needs an unclaimed one is not run on the target. */
#define LASTREF_CAN_SESSION (1ull << 0)    /* new, free, the getters of id and time */
#define LASTREF_CAN_DUP (1ull << 1)        /* a public dup */
#define LASTREF_CAN_SET_ID (1ull << 2)     /* the id can be set */
#define LASTREF_CAN_TIME (1ull << 3)       /* the time can be set */
#define LASTREF_CAN_HOSTNAME (1ull << 4)   /* get and set */
#define LASTREF_CAN_ALPN (1ull << 5)       /* get and set */
#define LASTREF_CAN_TICKET (1ull << 6)     /* has_ticket, get */
#define LASTREF_CAN_SET_TICKET (1ull << 7) /* the ticket itself can be set */
#define LASTREF_CAN_APPDATA (1ull << 8)    /* ticket application data, get and set */
#define LASTREF_CAN_MASTER_KEY (1ull << 9) /* get and set */
#define LASTREF_CAN_EX_DATA (1ull << 10)   /* get and set */
#define LASTREF_CAN_VERSION (1ull << 11)   /* get and set */
#define LASTREF_CAN_I2D (1ull << 12)       /* encode: length only, and into the caller's buffer */
#define LASTREF_CAN_I2D_ALLOCATE (1ull << 13) /* encode with *pp == NULL allocates */
#define LASTREF_CAN_D2I (1ull << 14)          /* decode */
#define LASTREF_CAN_CONTEXT (1ull << 15)      /* contexts with a cache */
#define LASTREF_CAN_CALLBACKS (1ull << 16)    /* new, get and remove callbacks */
#define LASTREF_CAN_CONNECTION (1ull << 17)   /* connections that hold a session */
#define LASTREF_CAN_HANDSHAKE (1ull << 18)    /* handshakes and shutdown */
#define LASTREF_CAN_CLOCK (1ull << 19)        /* the library's clock is the host's now() */
#define LASTREF_CAN_TLS13 (1ull << 20)        /* handshakes of TLS 1.3, and the protocol set */
#define LASTREF_CAN_NEW_WITH_ID (1ull << 21)  /* a new session can be given its id */
#define LASTREF_CAN_SERVERNAME (1ull << 22)   /* a servername callback that switches contexts */
#define LASTREF_CAN_TICKETS (1ull << 23)      /* handshakes with tickets */
/* What can go wrong on purpose. */
#define LASTREF_CAN_DAMAGE_FLIGHTS (1ull << 24) /* lastref_call.flight and what follows it */
#define LASTREF_CAN_FAIL_RANDOM                                                                  \
  (1ull << 25) /* random bytes come from the C library's getrandom(), getentropy(), syscall() or \
                  /dev/urandom inside of a call, and the library goes on when they fail */
#define LASTREF_CAN_FAIL_LOCK                                                       \
  (1ull << 26) /* locks and thread-local storage are made by the C library, and the \
                  library goes on when that fails */
#define LASTREF_CAN_REFUSE_DUP (1ull << 27) /* a dup function of ex_data is asked, and obeyed */
/* What libraries that count references have beside sessions and caches, and others lack. */
#define LASTREF_CAN_UP_REF (1ull << 40)         /* references to sessions are counted */
#define LASTREF_CAN_TIMEOUT (1ull << 41)        /* a session has a timeout, get and set */
#define LASTREF_CAN_ID_CONTEXT (1ull << 42)     /* a session has an id context */
#define LASTREF_CAN_SET_ID_CONTEXT (1ull << 43) /* and it can be set */
#define LASTREF_CAN_RESUMABLE (1ull << 44)      /* a session says whether it is resumable */
#define LASTREF_CAN_CONTEXT_UP_REF (1ull << 45) /* references to contexts are counted */
#define LASTREF_CAN_MODE (1ull << 46)           /* a cache has a mode, get and set */
#define LASTREF_CAN_REMOVE (1ull << 47)         /* one session can be removed from a cache */
#define LASTREF_CAN_FLUSH (1ull << 48)          /* sessions can be flushed from a cache */
#define LASTREF_CAN_STATISTICS (1ull << 49)     /* a context counts hits, misses and so on */
#define LASTREF_CAN_LOOKUP (1ull << 50)         /* a cache can be asked for a session */
#define LASTREF_CAN_SHOW_SESSION (1ull << 51)   /* a connection shows its own session */
#define LASTREF_CAN_SET_CONTEXT (1ull << 52)    /* a connection can change its context */
#define LASTREF_CAN_TICKET_KEY (1ull << 53)     /* the key of a context's tickets can be set */
#define LASTREF_CAN_SID_CONTEXT (1ull << 54)    /* the id context of a context can be set */
#define LASTREF_CAN_COPY_SESSION (1ull << 55)   /* a connection gives a copy of its session */
#define LASTREF_CAN_ADD (1ull << 56)            /* a session can be added to a cache */
#define LASTREF_CAN_CACHE_SIZE (1ull << 57)     /* a cache has a size, get and set */
#define LASTREF_CAN_REMOVE_OWN (1ull << 58)    /* a connection removes its session from the cache */
#define LASTREF_CAN_CROWD (1ull << 59)         /* more sessions in one cache than a program has */
#define LASTREF_CAN_FIND_ID (1ull << 60)       /* a connection says whether an id is in the cache */
#define LASTREF_CAN_CALLBACK_HITS (1ull << 61) /* a context counts answers of the get callback */
/* What a cache of a library's own has, whatever it holds. */
#define LASTREF_CAN_OWN_CACHE (LASTREF_CAN_ADD | LASTREF_CAN_CACHE_SIZE)
/* All of these but lookup, copy and the last, and what only those have that shake hands. */
#define LASTREF_CAN_COUNT_REFERENCES                                                           \
  (LASTREF_CAN_UP_REF | LASTREF_CAN_TIMEOUT | LASTREF_CAN_ID_CONTEXT | LASTREF_CAN_RESUMABLE | \
   LASTREF_CAN_CONTEXT_UP_REF | LASTREF_CAN_MODE | LASTREF_CAN_REMOVE | LASTREF_CAN_FLUSH |    \
   LASTREF_CAN_STATISTICS | LASTREF_CAN_SHOW_SESSION | LASTREF_CAN_SET_CONTEXT |               \
   LASTREF_CAN_OWN_CACHE)
/* Observers: how deaths are seen. At least one is needed. */
#define LASTREF_SEES_BLOCKS                                               \
  (1ull << 32) /* the library allocates through the host, and a session's \
                  address is the address of its own block */
#define LASTREF_SEES_EX_DATA (1ull << 33) /* the adapter calls born() and died() from ex_data */

/* Which callback of the library is running. */
enum {
  LASTREF_CALLBACK_NEW = 1,
  LASTREF_CALLBACK_GET = 2,
  LASTREF_CALLBACK_REMOVE = 3,
  LASTREF_CALLBACK_SERVERNAME = 4
};

/* Where a handshake is left alone: it is driven flight by flight, the client first, until the peer
   has read the flight that is named. REFUSED: the server, having read the client's hello, sends a
   fatal alert, which the client reads. CLIENT_REFUSES: the client does not accept the server's
   certificate and sends a fatal alert, which the server reads; one that resumes its session is
   shown no certificate, and goes on as with COMPLETE. The result is 0 for a handshake that is not
   complete, 1 for a complete one, 2 if the client has resumed its session. */
enum {
  LASTREF_STOP_COMPLETE = 0,
  LASTREF_STOP_AFTER_CLIENT_HELLO = 1,
  LASTREF_STOP_AFTER_SERVER_FLIGHT = 2,
  LASTREF_STOP_AFTER_CLIENT_FLIGHT = 3,
  LASTREF_STOP_REFUSED = 4,
  LASTREF_STOP_CLIENT_REFUSES = 5
};

/* The flights of a handshake, in turn: the client's hello, the server's flight, the client's, the
   server's last. */
#define LASTREF_FLIGHTS 4

/* What becomes of a flight, at one of its bytes. */
enum {
  LASTREF_DAMAGE_FLIP = 0,   /* the lowest bit of it is another */
  LASTREF_DAMAGE_INVERT = 1, /* all of its bits are */
  LASTREF_DAMAGE_CUT = 2,    /* neither it nor what follows it comes, ever */
  LASTREF_DAMAGE_REPEAT = 3  /* it and what follows it come twice */
};

/* So many sessions are a crowd: more than a cache has room for without memory of its own, and than
   are let go of at once. */
#define LASTREF_CROWD 70

/* What the harness tells a callback to answer. */
typedef struct lastref_reply {
  uint32_t size;
  int32_t value; /* new: 1 keep, 0 decline. get: whether *copy is to be written at all */
  int32_t copy;  /* get: what to write to *copy */
  void *session; /* get: the session to return; NULL for none */
  void *context; /* servername: the context that the connection goes on with; NULL for its own */
} lastref_reply;

/* What the harness lends the adapter. Valid until the process ends. */
typedef struct lastref_host {
  uint32_t size;
  uint32_t abi;
  /* Memory, to be installed as the library's allocator before its first allocation. As malloc,
     realloc and free; release and reallocate take only what these returned, or NULL. A wrong free
     is recorded and not carried out. */
  void *(*allocate)(size_t bytes);
  void *(*reallocate)(void *block, size_t bytes);
  void (*release)(void *block);
  /* To be called by ex_data new and free functions with the session's address. */
  void (*born)(const void *session);
  void (*died)(const void *session);
  /* To be called from inside a callback of the library. It may call perform() again. Of the objects
     a remove callback passes its context, a new or get callback its connection, a servername
     callback both, the context being the one that it was set on; else NULL will do.
   */
  void (*callback)(uint32_t kind, void *context, void *connection, void *session, const uint8_t *id,
                   size_t id_length, lastref_reply *reply);
  /* Seconds since the epoch on the virtual clock. time(), gettimeofday() and clock_gettime() of the
     process already answer it while perform() runs. */
  int64_t (*now)(void);
  /* The bytes that were asked for, of a block that allocate() or reallocate() returned. For
     libraries whose allocator must tell them. */
  size_t (*block_size)(const void *block);
} lastref_host;

/* One operation, its operands resolved. What a row of the table does not name is zero. */
typedef struct lastref_call {
  uint32_t size;
  uint32_t operation; /* LASTREF_OP_* */
  void *session;      /* s, S */
  void *context;      /* c, the first */
  void *connection;   /* n, the first */
  void *peer;         /* n, the second */
  const uint8_t
      *bytes; /* id, id context, hostname (NUL-terminated), ALPN, ticket, data, key, blob */
  size_t length;
  int64_t value; /* time, timeout, version, mode, cache size, ex_data token, callback on or off,
                    the count of bytes that an output buffer has, tickets on or off, 1 for a
                    quiet shutdown, a stop point (LASTREF_STOP_*) */
  /* Of a handshake: which flight does not come as it was sent, from 1; 0 for none. Then what
     becomes of it (LASTREF_DAMAGE_*), and at which of its bytes, from 1. The two bytes of a
     record's version, the type 23, and what is in a ChangeCipherSpec are left alone, which readers
     may ignore: a change of them does nothing, as one behind the flight's end. */
  uint32_t flight;
  uint32_t damage;
  uint32_t damage_at;
} lastref_call;

/* What the library answered. The adapter fills it; it comes zeroed but for its size. */
typedef struct lastref_result {
  uint32_t size;
  uint32_t unsupported; /* 1: the adapter does not know the operation */
  int64_t value;        /* the C function's return value; 0 where it has none. For a d2i_into that
                           failed: 1 if the caller's variable still holds the object, else 0 */
  void *object;         /* the session, context or connection returned; for d2i_into what the call
                           returned */
  const uint8_t
      *bytes; /* bytes returned or encoded, borrowed until the next perform(); of d2i where
                 the library left the pointer to its input, NULL for one that has none */
  size_t length;
  /* Of a handshake: the bytes of its flights, 0 for one that was not sent, and whether one was
     damaged before it was read. */
  uint32_t flights[LASTREF_FLIGHTS];
  uint32_t damaged;
} lastref_result;

/* What a session's cheap getters say. Pointers are borrowed from the session. */
typedef struct lastref_session_view {
  uint32_t size;
  int32_t resumable;
  int64_t time;
  int64_t timeout;
  int64_t ex_data; /* the token set by set_ex_data, 0 for none */
  int32_t version;
  int32_t has_ticket;
  const uint8_t *id;
  size_t id_length;
  const uint8_t *id_context;
  size_t id_context_length;
  const uint8_t *hostname; /* NULL for none */
  const uint8_t *alpn;
  size_t alpn_length;
} lastref_session_view;

/* What a context says of its cache. The adapter fills the members that lie within `size`; after
   every operation only the first two are asked for. */
typedef struct lastref_context_view {
  uint32_t size;
  int32_t padding;
  int64_t number;
  int64_t cache_full;
  int64_t hits;
  int64_t misses;
  int64_t timeouts;
  int64_t callback_hits;
} lastref_context_view;
#define LASTREF_CONTEXT_VIEW_CHEAP offsetof(lastref_context_view, hits)

/* A value of a contract switch that differs from the manual's reading; see `lastref contract`. */
typedef struct lastref_switch {
  const char *name;
  const char *value;
} lastref_switch;

typedef struct lastref_target {
  uint32_t size;
  uint32_t abi;
  const char *name;      /* "openssl" */
  uint64_t capabilities; /* LASTREF_CAN_* and LASTREF_SEES_* */
  const lastref_switch *switches;
  size_t switch_count;

  /* Starts the library; called once, before anything else, with a host that outlives it. 0 on
     success, else a message is in error. */
  int (*start)(const lastref_host *host, char *error, size_t error_size);
  /* The library's own version text, for instance "OpenSSL 3.0.19 27 Jan 2026". After start(). */
  const char *(*version)(void);
  /* Carries out one operation. 0, or -1 where the adapter itself could not (never for a failure of
     the library, which is a result). */
  int (*perform)(const lastref_call *call, lastref_result *result);
  /* Reads a live session; changes nothing. */
  void (*view_session)(const void *session, lastref_session_view *view);
  /* Reads a live context; changes nothing. */
  void (*view_context)(const void *context, lastref_context_view *view);
  /* Brings a context whose cache is empty back to its state at birth: mode, size, timeout,
     callbacks. 0, or -1 where that cannot be done: the context is then freed instead. */
  int (*reset_context)(void *context);
  /* Drops what the library keeps for the thread (error queues), so that blocks can be counted. */
  void (*quiesce)(void);
} lastref_target;

/* The one exported symbol. Returns a static object, or NULL for an ABI that it does not speak. */
typedef const lastref_target *lastref_target_open_function(uint32_t abi);
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const lastref_target *
lastref_target_open(uint32_t abi);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LASTREF_TARGET_ABI_H_ */
