/* A C program as anybody would write it for <openssl/ssl.h>: what the manual says of sessions,
 * their cache and their connections. A test builds it against the reference and against OpenSSL,
 * where that is installed, and both must print the same.
 */
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

static int deaths;

static void on_free(void *parent, void *value, CRYPTO_EX_DATA *data, int index, long argl,
                    void *argp) {
  (void)parent, (void)data, (void)index, (void)argl, (void)argp;
  if (value != NULL) {
    ++deaths;
    printf("%s dies\n", (const char *)value);
  }
}

static void on_remove(SSL_CTX *context, SSL_SESSION *session) {
  unsigned length = 0;
  const unsigned char *id = SSL_SESSION_get_id(session, &length);
  (void)context;
  printf("removed: %c\n", length == 0 ? '-' : id[0]);
}

static SSL_SESSION *make(int index, const char *name) {
  unsigned char id[SSL_MAX_SSL_SESSION_ID_LENGTH];
  SSL_SESSION *session = SSL_SESSION_new();
  memset(id, name[0], sizeof id);
  SSL_SESSION_set1_id(session, id, sizeof id);
  SSL_SESSION_set_protocol_version(session, TLS1_2_VERSION);
  SSL_SESSION_set_ex_data(session, index, (void *)(size_t)name);
  return session;
}

int main(void) {
  const int index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, on_free);
  SSL_CTX *context = SSL_CTX_new(TLS_method());
  SSL_SESSION *a = make(index, "a");
  SSL_SESSION *b = make(index, "b");
  SSL_SESSION *copy;
  SSL *first;
  SSL *second;

  SSL_CTX_sess_set_remove_cb(context, on_remove);
  printf("up_ref: %d\n", SSL_SESSION_up_ref(a));
  SSL_SESSION_free(a);
  SSL_SESSION_free(NULL);

  /* A dup is another object. */
  copy = SSL_SESSION_dup(a);
  SSL_SESSION_set_ex_data(copy, index, (void *)(size_t) "copy");
  SSL_SESSION_set_timeout(copy, 5);
  printf("timeouts differ: %d\n", SSL_SESSION_get_timeout(copy) != SSL_SESSION_get_timeout(a));
  SSL_SESSION_free(copy);

  /* The cache has a reference of its own. */
  printf("add: %d\n", SSL_CTX_add_session(context, a));
  printf("again: %d\n", SSL_CTX_add_session(context, a));
  SSL_SESSION_free(a);
  printf("number: %ld, deaths: %d\n", (long)SSL_CTX_sess_number(context), deaths);

  /* Several connections use one session. */
  first = SSL_new(context);
  second = SSL_new(context);
  SSL_set_session(first, b);
  SSL_set_session(second, b);
  SSL_SESSION_free(b);
  printf("borrowed: %d\n", SSL_get0_session(first) == SSL_get0_session(second));
  b = SSL_get1_session(first);
  SSL_free(first);
  SSL_free(second);
  printf("resumable: %d\n", SSL_SESSION_is_resumable(b));
  SSL_SESSION_free(b);

  SSL_CTX_flush_sessions(context, 0);
  printf("number: %ld, deaths: %d\n", (long)SSL_CTX_sess_number(context), deaths);
  SSL_CTX_free(context);
  return deaths == 3 ? 0 : 1;
}
