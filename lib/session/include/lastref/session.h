/* The reference session library: sessions that are counted, contexts that cache them, connections
 * that use them. A stand-in for the session part of a TLS library, with the manual's semantics.
 *
 * Names. A function is called as in OpenSSL's manual, with the prefix lr_ in place of SSL_
 * (SSL_SESSION_new: lr_SESSION_new, SSL_CTX_add_session: lr_CTX_add_session); those of a connection
 * keep the whole name (SSL_new: lr_SSL_new). The manual page named above each group describes what
 * is not said here.
 *
 * Ownership. A `get0` result is borrowed and lives as long as what it was got from, or until a
 * setter replaces it. A `get1` or a `new`, `dup`, `up_ref`, `d2i` gives the caller a reference, to
 * be released with the `free` of its kind. A `set1` copies.
 *
 * Threads. Contexts may be used by any number of threads at once, and so may the references of a
 * session: up_ref, free, add, remove, set_session on connections of one's own. Time, timeout and
 * resumability of a session may be changed and read by several threads. The other setters need the
 * session to oneself; a connection belongs to one thread at a time.
 *
 * Callbacks are called with no lock held and may call any function, but those of a handshake none
 * that changes or frees a connection which shakes hands. A context stays alive while a call on it
 * runs, whatever they release.
 *
 * Memory. Everything comes from the functions given to lr_set_mem_functions(). Each function, or
 * its group, says what it does without: "takes none" is one that never asks for memory and cannot
 * fail for lack of it. One that fails has changed nothing, but for lr_d2i_SESSION and lr_handshake,
 * which say what they leave.
 */
#ifndef LASTREF_SESSION_H_
#define LASTREF_SESSION_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lr_session_st LR_SESSION;
typedef struct lr_ctx_st LR_CTX;
typedef struct lr_ssl_st LR_SSL;
typedef struct lr_ex_data_st LR_EX_DATA;

/* Longest values, in bytes. */
#define LR_MAX_SESSION_ID_LENGTH 32
#define LR_MAX_SID_CTX_LENGTH 32
#define LR_MAX_MASTER_KEY_LENGTH 48
#define LR_MAX_BYTES_LENGTH 65535 /* hostname, ALPN, ticket, ticket application data */

#define LR_TLS1_2_VERSION 0x0303
#define LR_TLS1_3_VERSION 0x0304

/* ---- Memory: CRYPTO_set_mem_functions(3) ------------------------------------------------------
 */

/* As malloc, realloc and free; all three or none are NULL, which stands for those of the C library.
   realloc is accepted for the sake of the interface and not called at present. Returns 1, or 0 once
   memory has been allocated, and then changes nothing. Takes none, as the two below. */
int lr_set_mem_functions(void *(*allocate)(size_t bytes),
                         void *(*reallocate)(void *block, size_t bytes),
                         void (*release)(void *block));
/* Releases what lr_i2d_SESSION allocated. NULL is ignored. */
void lr_free(void *block);
/* "lastref 0.1". Static. */
const char *lr_version(void);

/* ---- Sessions: SSL_SESSION_free(3) -------------------------------------------------------------
 */

/* One reference, the caller's. Time now, timeout 304 seconds, TLS 1.2, everything else empty. NULL
   when memory is short: then no session was born. */
LR_SESSION *lr_SESSION_new(void);
/* A copy with one reference, the caller's, and in no cache. Copies also the mark that
   lr_CTX_remove_session sets, and the ex_data as their dup functions say. NULL when memory is
   short: then no session was born; and when a dup function answers 0: then the copy was born and
   has died. */
LR_SESSION *lr_SESSION_dup(const LR_SESSION *source);
/* One more reference, the caller's. 1; 0 for NULL. Takes no memory, never fails for a session. */
int lr_SESSION_up_ref(LR_SESSION *session);
/* Releases a reference of the caller's; the last one of all destroys the session. NULL is ignored.
   Takes no memory. */
void lr_SESSION_free(LR_SESSION *session);

/* ---- SSL_SESSION_get_id(3), SSL_SESSION_get0_id_context(3). They take no memory ----------------
 */

/* 1, or 0 for a value that is too long: then nothing has changed. A cache that links the session
   goes on to know it by the id, and the protocol version, that it had when it was added. */
int lr_SESSION_set1_id(LR_SESSION *session, const unsigned char *id, unsigned length);
int lr_SESSION_set1_id_context(LR_SESSION *session, const unsigned char *context, unsigned length);
/* Borrowed, never NULL. `length` may be NULL. */
const unsigned char *lr_SESSION_get_id(const LR_SESSION *session, unsigned *length);
const unsigned char *lr_SESSION_get0_id_context(const LR_SESSION *session, unsigned *length);

/* ---- SSL_SESSION_get_time(3): seconds since the epoch, seconds. 0 for a NULL session.
        They take no memory ------------------------------------------------------------------------
 */

/* 1. The session takes its new place in the order of expiry of the cache that links it. */
long lr_SESSION_set_time(LR_SESSION *session, long seconds);
/* 1, or 0 for a negative timeout: then nothing has changed. As above for the cache. */
long lr_SESSION_set_timeout(LR_SESSION *session, long seconds);
long lr_SESSION_get_time(const LR_SESSION *session);
long lr_SESSION_get_timeout(const LR_SESSION *session);

/* ---- SSL_SESSION_get0_hostname(3), SSL_SESSION_has_ticket(3), SSL_CTX_set_session_ticket_cb(3),
        SSL_SESSION_get_master_key(3), SSL_SESSION_get_protocol_version(3).
        Setters: 1, or 0 when the value is too long or memory is short: then nothing has changed.
        Clearing, the master key, the version and all getters take no memory -----------------------
 */

/* NULL clears; "" is a hostname. */
int lr_SESSION_set1_hostname(LR_SESSION *session, const char *hostname);
const char *lr_SESSION_get0_hostname(const LR_SESSION *session);
/* NULL, or no bytes, clears; then the getters give NULL and 0. */
int lr_SESSION_set1_alpn_selected(LR_SESSION *session, const unsigned char *alpn, size_t length);
void lr_SESSION_get0_alpn_selected(const LR_SESSION *session, const unsigned char **alpn,
                                   size_t *length);
int lr_SESSION_set1_ticket(LR_SESSION *session, const unsigned char *ticket, size_t length);
void lr_SESSION_get0_ticket(const LR_SESSION *session, const unsigned char **ticket,
                            size_t *length);
int lr_SESSION_has_ticket(const LR_SESSION *session);
int lr_SESSION_set1_ticket_appdata(LR_SESSION *session, const void *data, size_t length);
int lr_SESSION_get0_ticket_appdata(LR_SESSION *session, void **data, size_t *length);
int lr_SESSION_set1_master_key(LR_SESSION *session, const unsigned char *key, size_t length);
/* Copies as much of the key as `out` has room for and returns how much; with no room (`size` 0),
   the length of the key. */
size_t lr_SESSION_get_master_key(const LR_SESSION *session, unsigned char *out, size_t size);
int lr_SESSION_set_protocol_version(LR_SESSION *session, int version);
int lr_SESSION_get_protocol_version(const LR_SESSION *session);
/* SSL_SESSION_is_resumable(3): 1 with an id or a ticket, unless lr_CTX_remove_session marked it. */
int lr_SESSION_is_resumable(const LR_SESSION *session);

/* ---- ex_data: CRYPTO_get_ex_new_index(3), of sessions ------------------------------------------
 */

/* Called at the birth of every session, when it can be used. */
typedef void lr_ex_new(void *parent, void *value, LR_EX_DATA *data, int index, long argl,
                       void *argp);
/* Called once at the death of every session, also where no value was set (then NULL), before
   anything of the session is gone. It must not acquire the session. */
typedef void lr_ex_free(void *parent, void *value, LR_EX_DATA *data, int index, long argl,
                        void *argp);
/* Called for every copy, also where no value was set. *value is the source's and may be replaced by
   the copy's. 0 makes the copy fail. */
typedef int lr_ex_dup(LR_EX_DATA *to, const LR_EX_DATA *from, void **value, int index, long argl,
                      void *argp);
/* A new index, from 0; each function may be NULL, and a NULL dup copies the pointer. Indices are
   for the life of the process; -1 when all 32 are given out. Takes no memory. */
int lr_SESSION_get_ex_new_index(long argl, void *argp, lr_ex_new *on_new, lr_ex_dup *on_dup,
                                lr_ex_free *on_free);
/* 1, or 0 for an index that was not given out, or when memory is short: then the value before is
   kept. The value is the caller's. A value in place of another takes no memory, nor does NULL. */
int lr_SESSION_set_ex_data(LR_SESSION *session, int index, void *value);
/* NULL where none was set. Takes no memory. */
void *lr_SESSION_get_ex_data(const LR_SESSION *session, int index);

/* ---- Encoding: d2i_SSL_SESSION(3), d2i_X509(3). The format is in lib/session/encoding.h ---------
 */

/* The length of the encoding. `out` NULL: no more than that. *out NULL: *out becomes a new block
   with the encoding, to be released with lr_free(). Else: it is written to *out, which moves behind
   it. 0 for a NULL session; -1 when there is no memory for the block: then *out stays NULL. The
   other forms take none. */
int lr_i2d_SESSION(const LR_SESSION *session, unsigned char **out);
/* Decodes the first encoding in *in, which moves behind it. `session` NULL or *session NULL:
   returns a new session, the caller's reference, also in *session. Else *session is refilled in
   place, with its references, ex_data and place in a cache, and returned; no field of it is touched
   unless the decoding succeeds. NULL for bytes that are no encoding and when memory is short; *in
   stays, and a session that was given to be refilled is released and *session is NULL, as
   d2i_X509(3) says. */
LR_SESSION *lr_d2i_SESSION(LR_SESSION **session, const unsigned char **in, long length);

/* ---- Contexts: SSL_CTX_new(3), SSL_CTX_free(3) -------------------------------------------------
 */

/* One reference, the caller's. NULL when memory is short. */
LR_CTX *lr_CTX_new(void);
/* 1; 0 for NULL. Takes no memory, never fails for a context. */
int lr_CTX_up_ref(LR_CTX *context);
/* Releases a reference of the caller's. The last one of all, connections included, empties the
   cache as lr_CTX_flush_sessions(context, 0) does, without memory in batches, and destroys the
   context. NULL is ignored. Never fails. */
void lr_CTX_free(LR_CTX *context);

/* SSL_CTX_set_session_cache_mode(3), SSL_CTX_sess_set_cache_size(3), SSL_CTX_set_timeout(3).
   Setters return the value before. None takes memory, nor do the options, the id context, the
   ticket key, the statistics and the callbacks' setters and getters below. */
#define LR_SESS_CACHE_OFF 0x0000L
#define LR_SESS_CACHE_CLIENT 0x0001L
#define LR_SESS_CACHE_SERVER 0x0002L
#define LR_SESS_CACHE_BOTH (LR_SESS_CACHE_CLIENT | LR_SESS_CACHE_SERVER)
#define LR_SESS_CACHE_NO_AUTO_CLEAR 0x0080L
#define LR_SESS_CACHE_NO_INTERNAL_LOOKUP 0x0100L
#define LR_SESS_CACHE_NO_INTERNAL_STORE 0x0200L
#define LR_SESS_CACHE_NO_INTERNAL \
  (LR_SESS_CACHE_NO_INTERNAL_LOOKUP | LR_SESS_CACHE_NO_INTERNAL_STORE)
#define LR_SESS_CACHE_UPDATE_TIME 0x0400L
long lr_CTX_set_session_cache_mode(LR_CTX *context, long mode); /* SERVER at birth */
long lr_CTX_get_session_cache_mode(const LR_CTX *context);
/* How many sessions the cache holds, exactly; 20480 at birth. 0 or less: any number. */
long lr_CTX_sess_set_cache_size(LR_CTX *context, long size);
long lr_CTX_sess_get_cache_size(const LR_CTX *context);
long lr_CTX_set_timeout(LR_CTX *context, long seconds); /* 7200 at birth */
long lr_CTX_get_timeout(const LR_CTX *context);

/* SSL_CTX_set_options(3), for connections made from now on. Without NO_TICKET, on both sides, a
   handshake gives the client a ticket, and the server's session has no id and is in no cache. Both
   return the options that are then set. Not for two threads at once. */
#define LR_OP_NO_TICKET 0x4000L
long lr_CTX_set_options(LR_CTX *context, long options);
long lr_CTX_clear_options(LR_CTX *context, long options);
/* SSL_CTX_set_session_id_context(3): what the sessions of connections made from now on belong to.
   1, or 0 for one that is too long: then nothing has changed. */
int lr_CTX_set_session_id_context(LR_CTX *context, const unsigned char *bytes, unsigned length);
/* The key that tickets are sealed with, all zeros at birth. Tickets of another key are not opened.
   1, or 0 for another length. */
#define LR_TICKET_KEY_LENGTH 16
int lr_CTX_set_ticket_key(LR_CTX *context, const unsigned char *key, size_t length);

/* SSL_CTX_add_session(3), SSL_CTX_flush_sessions(3). */
/* The cache acquires a reference. One with the same id and version is removed for it, and while the
   cache is full, the ones that expire first. 1; 0 when the session is in this cache already, or in
   another one: then nothing has changed, but for its time in mode UPDATE_TIME. Never fails for lack
   of memory. */
int lr_CTX_add_session(LR_CTX *context, LR_SESSION *session);
/* Removes the session, or another one with its id and version, releases the cache's reference and
   marks `session` as not resumable. 1; 0 when neither is in the cache: then nothing has changed.
   Takes no memory. */
int lr_CTX_remove_session(LR_CTX *context, LR_SESSION *session);
/* Removes all sessions whose time and timeout add up to less than `seconds`; 0: all. Earliest
   expiry first; all remove callbacks, then all releases. Never fails; when memory is short and
   there are many, it goes through them in batches. */
void lr_CTX_flush_sessions(LR_CTX *context, long seconds);

/* SSL_CTX_sess_number(3). */
long lr_CTX_sess_number(const LR_CTX *context);
long lr_CTX_sess_cache_full(const LR_CTX *context);
long lr_CTX_sess_hits(const LR_CTX *context);
long lr_CTX_sess_cb_hits(const LR_CTX *context);
long lr_CTX_sess_accept_good(const LR_CTX *context);
long lr_CTX_sess_connect_good(const LR_CTX *context);
long lr_CTX_sess_misses(const LR_CTX *context);
long lr_CTX_sess_timeouts(const LR_CTX *context);

/* SSL_CTX_sess_set_get_cb(3). NULL for none.
   The new callback is called after a full handshake, in the modes that name the side; it gets a
   reference, which it keeps by returning 1 and gives back by returning 0.
   The get callback is asked by a server for an id that its cache does not find, never for an empty
   one. It returns a session or NULL. It hands over a reference of its own if it sets *copy to 0;
   else the library acquires one.
   The session of a remove callback is borrowed: unlinked, and alive until the callback returns. */
typedef int lr_new_session_cb(LR_SSL *connection, LR_SESSION *session);
typedef LR_SESSION *lr_get_session_cb(LR_SSL *connection, const unsigned char *id, int length,
                                      int *copy);
typedef void lr_remove_session_cb(LR_CTX *context, LR_SESSION *session);
void lr_CTX_sess_set_new_cb(LR_CTX *context, lr_new_session_cb *callback);
void lr_CTX_sess_set_get_cb(LR_CTX *context, lr_get_session_cb *callback);
void lr_CTX_sess_set_remove_cb(LR_CTX *context, lr_remove_session_cb *callback);
/* SSL_CTX_set_tlsext_servername_callback(3): called on a server that has looked for the client's
   session; of the context in use, or else of the one that the connection was made from. It may
   switch the connection to another context. ALERT_FATAL refuses the client; whatever else goes on.
 */
#define LR_TLSEXT_ERR_OK 0
#define LR_TLSEXT_ERR_ALERT_WARNING 1
#define LR_TLSEXT_ERR_ALERT_FATAL 2
#define LR_TLSEXT_ERR_NOACK 3
typedef int lr_servername_cb(LR_SSL *connection, int *alert, void *arg);
void lr_CTX_set_tlsext_servername_callback(LR_CTX *context, lr_servername_cb *callback);
void lr_CTX_set_tlsext_servername_arg(LR_CTX *context, void *arg);
lr_new_session_cb *lr_CTX_sess_get_new_cb(LR_CTX *context);
lr_get_session_cb *lr_CTX_sess_get_get_cb(LR_CTX *context);
lr_remove_session_cb *lr_CTX_sess_get_remove_cb(LR_CTX *context);

/* ---- Connections: SSL_new(3), SSL_clear(3), SSL_set_session(3), SSL_get_session(3) --------------
 */

/* Acquires two references to the context. NULL for a NULL context and when memory is short: then it
   has acquired none. No other function of this group takes memory. */
LR_SSL *lr_SSL_new(LR_CTX *context);
/* Releases the session and both contexts. A session that was established and not shut down is bad,
   and leaves the cache. NULL is ignored. */
void lr_SSL_free(LR_SSL *connection);
/* Makes it ready for another handshake. A session that was set or shut down stays; one that was
   established and not shut down is bad, leaves the cache, and is released. 1; 0 for NULL. */
int lr_SSL_clear(LR_SSL *connection);
/* Acquires the session, NULL for none, then releases the one before, which leaves the cache if it
   is bad as above. 1. */
int lr_SSL_set_session(LR_SSL *connection, LR_SESSION *session);
/* Borrowed from the connection; NULL for none. get_session is another name of get0_session. */
LR_SESSION *lr_SSL_get0_session(const LR_SSL *connection);
LR_SESSION *lr_SSL_get_session(const LR_SSL *connection);
/* A reference of the caller's; NULL for none. */
LR_SESSION *lr_SSL_get1_session(LR_SSL *connection);
/* Borrowed. The context in use; the one that the connection was made from, whose cache it uses,
   stays. NULL goes back to that one. The session id context goes over to the new one's, unless the
   connection has another than the old one. Returns the one now in use. */
LR_CTX *lr_SSL_set_SSL_CTX(LR_SSL *connection, LR_CTX *context);
LR_CTX *lr_SSL_get_SSL_CTX(const LR_SSL *connection);
/* SSL_CTX_set_generate_session_id(3): 1 when the cache that the connection uses has a session of
   this id, else 0. */
int lr_SSL_has_matching_session_id(const LR_SSL *connection, const unsigned char *id,
                                   unsigned length);
/* 1, or 0 for one that is too long: then nothing has changed. */
int lr_SSL_set_session_id_context(LR_SSL *connection, const unsigned char *bytes, unsigned length);

/* ---- Handshakes: SSL_do_handshake(3), SSL_shutdown(3), SSL_session_reused(3) --------------------
 *
 * A stand-in for TLS 1.2: the two ends, in one process, come to the sessions that a real handshake
 * would leave them with. Nothing is encrypted, and a ticket is not secret.
 */

/* Where a handshake stops. */
#define LR_HANDSHAKE_COMPLETE 0
#define LR_HANDSHAKE_AFTER_CLIENT_HELLO 1  /* the server has chosen a session */
#define LR_HANDSHAKE_AFTER_SERVER_FLIGHT 2 /* the client has accepted it */
#define LR_HANDSHAKE_AFTER_CLIENT_FLIGHT 3 /* the server is done */
#define LR_HANDSHAKE_REFUSED 4 /* the server sends a fatal alert instead of its flight */
#define LR_HANDSHAKE_CLIENT_REFUSES \
  5 /* the client answers the server's certificate with one; none is shown to who resumes */
/* Whoever reads that flight finds it damaged, and sends a fatal alert. One that resumes has no last
   flight of the server's, and is complete. */
#define LR_HANDSHAKE_DAMAGED_CLIENT_HELLO 6
#define LR_HANDSHAKE_DAMAGED_SERVER_FLIGHT 7
#define LR_HANDSHAKE_DAMAGED_CLIENT_FLIGHT 8
#define LR_HANDSHAKE_DAMAGED_LAST_FLIGHT 9

/* A handshake between connections that were made or cleared for it. The client offers the session
   that was set, if it is resumable. The server resumes it by its ticket, by its id from the cache,
   or by its id from the get callback; else both get new sessions, of the timeout of their contexts.
   Each side then does with its cache and callbacks what its mode says. 1 when complete; 0 when it
   stopped before, when either is established already, or when memory or random bytes are short:
   then each connection has a session that it owns, or none, and can be cleared for another try. A
   ticket that there is no memory to open is not resumed, as one of another key. After a fatal alert
   the sessions of both leave their caches. */
int lr_handshake(LR_SSL *client, LR_SSL *server, int point);
/* The session may be resumed after this. 0, for the peer has not answered, 1 for a quiet shutdown,
   or -1 before a handshake is done. Takes no memory, as those below. */
int lr_SSL_shutdown(LR_SSL *connection);
/* SSL_set_quiet_shutdown(3): from now on a shutdown says nothing to the peer. */
void lr_SSL_set_quiet_shutdown(LR_SSL *connection, int on);
/* Whether the handshake resumed a session. */
int lr_SSL_session_reused(const LR_SSL *connection);
int lr_SSL_is_init_finished(const LR_SSL *connection);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LASTREF_SESSION_H_ */
