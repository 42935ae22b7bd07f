#include "harness/reproduce/common_parts.h"

namespace lastref {

const std::string_view kCheckParts = R"C(
@fail static void fail(int line, const char *what) {
@fail   printf("line %d: %s", line, what);
@fail }
@expect
@expect static void expect(int line, const char *call, long long expected, long long found) {
@expect   if (found == expected) return;
@expect   fail(line, call);
@expect   printf(" is %lld instead of %lld\n", found, expected);
@expect   exit(1);
@expect }
@expect #define EXPECT(expected, call) expect(__LINE__, #call, (long long)(expected), (long long)(call))
@pointer
@pointer static void expect_pointer(int line, const char *call, const void *expected, const void *found) {
@pointer   if (found == expected) return;
@pointer   fail(line, call);
@pointer   printf(" is %p instead of %p\n", found, expected);
@pointer   exit(1);
@pointer }
@pointer #define EXPECT_POINTER(expected, call) expect_pointer(__LINE__, #call, expected, call)
@object
@object static void expect_object(int line, const char *call, const void *found) {
@object   if (found != NULL) return;
@object   fail(line, call);
@object   printf(" is NULL\n");
@object   exit(1);
@object }
@object #define EXPECT_OBJECT(variable) expect_object(__LINE__, #variable, variable)
@bytes
@bytes static void expect_bytes(int line, const char *call, const void *expected, size_t size,
@bytes                          const void *found, size_t length) {
@bytes   if (length == size && (size == 0 || memcmp(found, expected, size) == 0)) return;
@bytes   fail(line, call);
@bytes   printf(" is %zu bytes which are not the %zu expected\n", length, size);
@bytes   exit(1);
@bytes }
@bytes #define EXPECT_BYTES(bytes, size, getter, s)                                                   \
@bytes   do {                                                                                         \
@bytes     size_t found_length = 0;                                                                   \
@bytes     const void *found_bytes = getter(s, &found_length);                                        \
@bytes     expect_bytes(__LINE__, #getter "(" #s ")", bytes, size, found_bytes, found_length);        \
@bytes   } while (0)
@kept
@kept /* Bytes that the library chose, to be compared later. */
@kept static unsigned char kept[512];
@kept static size_t kept_length;
@kept static void keep_bytes(const void *bytes, size_t length) {
@kept   kept_length = length < sizeof kept ? length : sizeof kept;
@kept   memcpy(kept, bytes, kept_length);
@kept }
@kept #define KEEP_BYTES(getter, s)           \
@kept   do {                                  \
@kept     size_t length_now = 0;              \
@kept     const void *now = getter(s, &length_now); \
@kept     keep_bytes(now, length_now);        \
@kept   } while (0)
@some_bytes
@some_bytes #define EXPECT_SOME_BYTES(getter, s)                                                         \
@some_bytes   do {                                                                                    \
@some_bytes     size_t found_length = 0;                                                              \
@some_bytes     (void)getter(s, &found_length);                                                       \
@some_bytes     if (found_length != 0) break;                                                         \
@some_bytes     fail(__LINE__, #getter "(" #s ")");                                                   \
@some_bytes     printf(" is no bytes\n");                                                             \
@some_bytes     exit(1);                                                                              \
@some_bytes   } while (0)
)C";

const std::string_view kGetterParts = R"C(
@get_id
@get_id static const void *get_id(const SSL_SESSION *s, size_t *length) {
@get_id   unsigned size = 0;
@get_id   const void *bytes = SSL_SESSION_get_id(s, &size);
@get_id   *length = size;
@get_id   return bytes;
@get_id }
@get_id_context
@get_id_context static const void *get_id_context(const SSL_SESSION *s, size_t *length) {
@get_id_context   unsigned size = 0;
@get_id_context   const void *bytes = SSL_SESSION_get0_id_context(s, &size);
@get_id_context   *length = size;
@get_id_context   return bytes;
@get_id_context }
@get_hostname
@get_hostname static const void *get_hostname(const SSL_SESSION *s, size_t *length) {
@get_hostname   const char *bytes = SSL_SESSION_get0_hostname(s);
@get_hostname   *length = bytes == NULL ? 0 : strlen(bytes);
@get_hostname   return bytes;
@get_hostname }
@get_alpn
@get_alpn static const void *get_alpn(const SSL_SESSION *s, size_t *length) {
@get_alpn   const unsigned char *bytes = NULL;
@get_alpn   SSL_SESSION_get0_alpn_selected(s, &bytes, length);
@get_alpn   return bytes;
@get_alpn }
@get_ticket
@get_ticket static const void *get_ticket(const SSL_SESSION *s, size_t *length) {
@get_ticket   const unsigned char *bytes = NULL;
@get_ticket   SSL_SESSION_get0_ticket(s, &bytes, length);
@get_ticket   return bytes;
@get_ticket }
@get_appdata
@get_appdata static const void *get_appdata(SSL_SESSION *s, size_t *length) {
@get_appdata   void *bytes = NULL;
@get_appdata   SSL_SESSION_get0_ticket_appdata(s, &bytes, length);
@get_appdata   return bytes;
@get_appdata }
@get_master_key
@get_master_key static const void *get_master_key(const SSL_SESSION *s, size_t *length) {
@get_master_key   static unsigned char bytes[512];
@get_master_key   *length = SSL_SESSION_get_master_key(s, bytes, sizeof bytes);
@get_master_key   return bytes;
@get_master_key }
)C";

const std::string_view kNumberParts = R"C(
@numbers
@numbers /* Sessions by number, in order of birth. */
@numbers static SSL_SESSION *session[$count];
@number_of static int ended[$count];
@born static int sessions_born;
@strangers static int strangers; /* sessions that were destroyed and had never been given out */
@number_of
@number_of static int number_of(const void *s) {
@number_of   int n;
@number_of   for (n = $last; s != NULL && n > 0; --n) {
@number_of     if (session[n] == s && !ended[n]) return n;
@number_of   }
@number_of   return 0;
@number_of }
@know
@know static void know(int n, SSL_SESSION *s) {
@know   session[n] = s;
$tag
@know }
@born
@born static SSL_SESSION *born_at(int line, SSL_SESSION *s) {
@born+!number_of   (void)line;
@born+number_of   const int n = number_of(s);
@born+number_of   if (n != 0) {
@born+number_of     printf("line %d: session %d is where a new one is expected\n", line, n);
@born+number_of     exit(1);
@born+number_of   }
@born   know(++sessions_born, s);
@born   return s;
@born }
@born #define born(s) born_at(__LINE__, s)
@events
@list /* What happened since it was last compared. */
@list struct event {
@list   const char *what;
@list   const char *where;
@list   const void *s;
@list   int number; /* of the session; 0: not known yet, -1: gone before it was */
@results   long long result;
@list };
@list static struct event events[100];
@list static int event_count;
@list
@list static void note(const char *what, const char *where, const void *s) {
@list   struct event *event = &events[event_count];
@list   if (event_count == 100) return;
@list   ++event_count;
@list   event->what = what;
@list   event->where = where;
@list   event->s = s;
@list   event->number = number_of(s);
@list }
@results
@results /* What the call in a callback returned: of the same session as the callback. */
@results static void returned(long long result) {
@results   const void *s = event_count == 0 ? NULL : events[event_count - 1].s;
@results   note(NULL, "", s);
@results   events[event_count - 1].result = result;
@results }
@list
@list static void died(const void *s) {
@list   const int n = number_of(s);
@list   int i;
@list+strangers   if (n == 0) ++strangers;
@list   if (n != 0) {
@list     note("destroyed", "", s);
@list     ended[n] = 1;
@list   }
@list   for (i = 0; i < event_count; ++i) {
@list     if (events[i].s == s && events[i].number == 0) events[i].number = -1;
@list   }
@list }
@sorts
@sorts /* Which of several sessions goes first is the library's choice. */
@sorts static void sort_events(int deaths_only) {
@sorts   int i;
@sorts   int j;
@sorts   for (i = 1; i < event_count; ++i) {
@sorts     for (j = i; j > 0; --j) {
@sorts       struct event later = events[j];
@sorts       const int death = later.what != NULL && strcmp(later.what, "destroyed") == 0;
@sorts       const struct event *const e = &events[j - 1];
@sorts       const int death_before = e->what != NULL && strcmp(e->what, "destroyed") == 0;
@sorts       const int key = deaths_only && !death ? 0 : later.number;
@sorts       if ((deaths_only && !death_before ? 0 : e->number) <= key) break;
@sorts       events[j] = events[j - 1];
@sorts       events[j - 1] = later;
@sorts     }
@sorts   }
@sorts }
@list
@list static void expect_events(int line, const char *expected) {
@list   static char found[4000];
@list   size_t at = 0;
@list   int i;
@list   found[0] = 0;
@list   for (i = 0; i < event_count && at < sizeof found - 100; ++i) {
@list     const struct event *const e = &events[i];
@list     const int n = e->number != 0 ? e->number : number_of(e->s);
@list     if (i > 0) at += (size_t)sprintf(found + at, "; ");
@results     if (e->what == NULL) {
@results       at += (size_t)sprintf(found + at, "the callback's call returned %lld", e->result);
@results       continue;
@results     }
@list     if (n > 0) {
@list       at += (size_t)sprintf(found + at, "session %d %s", n, e->what);
@list     } else {
@list       at += (size_t)sprintf(found + at, "%s session %s", e->s == NULL ? "no" : "a", e->what);
@list     }
@list     if (e->where[0] != 0) at += (size_t)sprintf(found + at, " %s", e->where);
@list   }
@list   event_count = 0;
@list   if (strcmp(found, expected) == 0) return;
@list   printf("line %d: what happened is \"%s\" instead of \"%s\"\n", line, found, expected);
@list   exit(1);
@list }
@simple static void died(const void *s) {
@simple   const int n = number_of(s);
@simple   if (n != 0) ended[n] = 1;
@simple+strangers   if (n == 0) ++strangers;
@simple }
@simple+events
@simple+events /* Compares which sessions were destroyed since the last time. */
@simple+events static void expect_events(int line, const char *expected) {
@simple+events   static char found[1000];
@simple+events   size_t at = 0;
@simple+events   int n;
@simple+events   found[0] = 0;
@simple+events   for (n = 1; n <= $last; ++n) {
@simple+events     if (ended[n] != 1) continue;
@simple+events     ended[n] = 2; /* told */
@simple+events     at += (size_t)sprintf(found + at, "%ssession %d destroyed", at > 0 ? "; " : "", n);
@simple+events   }
@simple+events   if (strcmp(found, expected) == 0) return;
@simple+events   printf("line %d: what happened is \"%s\" instead of \"%s\"\n", line, found, expected);
@simple+events   exit(1);
@simple+events }
@events #define EXPECT_EVENTS(expected) expect_events(__LINE__, expected)
)C";

const std::string_view kRefusalPart = R"C(
static int refusing;
static int on_dup(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void **value, int idx, long argl,
                  void *argp) {
  (void)to;
  (void)from;
  (void)value;
  (void)idx;
  (void)argl;
  (void)argp;
  return !refusing;
}

/* 1 when SSL_SESSION_dup() fails because a dup function does. It is asked only where data was set:
   CRYPTO_get_ex_new_index(3). */
static int dup_refused(SSL_SESSION *s) {
  static int index = -1;
  SSL_SESSION *copy;
  if (index < 0) index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, on_dup, NULL);
  if (SSL_SESSION_set_ex_data(s, index, NULL) != 1) return 0;
  refusing = 1;
  copy = SSL_SESSION_dup(s);
  refusing = 0;
  if (copy == NULL) return 1;
  SSL_SESSION_free(copy);
  return 2;
}
)C";

const std::string_view kStopParts = R"C(
@stop /* Where a handshake is left alone: when the peer has read that flight, or a side refuses. */
@stop enum {
@stop   COMPLETE,
@stop   AFTER_CLIENT_HELLO,
@stop   AFTER_SERVER_FLIGHT,
@stop   AFTER_CLIENT_FLIGHT,
@stop   REFUSED,
@stop   CLIENT_REFUSES
@stop };
)C";

const std::string_view kCallbackParts = R"C(
@in_new_c0 static void (*in_new_c0)(SSL_SESSION *);
@in_new_c1 static void (*in_new_c1)(SSL_SESSION *);
@in_get_c0 static void (*in_get_c0)(SSL_SESSION *);
@in_get_c1 static void (*in_get_c1)(SSL_SESSION *);
@in_servername_c0 static void (*in_servername_c0)(SSL_SESSION *);
@in_servername_c1 static void (*in_servername_c1)(SSL_SESSION *);
@on_remove
@on_remove static const char *context_name(const SSL_CTX *context) {
@on_remove+c0   if (context == c0) return "c0";
@on_remove+c1   if (context == c1) return "c1";
@on_remove   return context == NULL ? "no context" : "an unknown context";
@on_remove }
@connection_name
@connection_name static const char *connection_name(const SSL *connection) {
@connection_name+n0   if (connection == n0) return "n0";
@connection_name+n1   if (connection == n1) return "n1";
@connection_name   return connection == NULL ? "no connection" : "an unknown connection";
@connection_name }
@variables
@variables static SSL_SESSION **const variables[] = {&s0, &s1, &s2, &s3, &s4, &s5, &s6, &s7};
@keep
@keep /* Puts the session into the first variable that is free. */
@keep static int keep(SSL_SESSION *s) {
@keep   int i;
@keep   for (i = 0; i < 8; ++i) {
@keep     if (*variables[i] != NULL) continue;
@keep     *variables[i] = s;
@keep     return 1;
@keep   }
@keep   return 0;
@keep }
@find
@find /* The session with that id that the first variable names. */
@find static SSL_SESSION *find(const unsigned char *id, size_t length) {
@find   int i;
@find   for (i = 0; i < 8; ++i) {
@find     unsigned size = 0;
@find     const unsigned char *bytes;
@find+!inside     if (number_of(*variables[i]) == 0) continue;
@find+inside     if (*variables[i] == NULL) continue;
@find+inside     if (*variables[i] != inside && number_of(*variables[i]) == 0) continue;
@find     bytes = SSL_SESSION_get_id(*variables[i], &size);
@find     if (size == length && memcmp(bytes, id, length) == 0) return *variables[i];
@find   }
@find   return NULL;
@find }
)C";

}  // namespace lastref
