// wolfSSL's cache is one table of the process, which outlives contexts and programs. Each of its
// places remembers the remove callback of the context that filled it, and calls it when another
// session takes the place: then a callback of one program would run in a later one. So a program's
// end fills the places once more that it filled with a callback, from a context that has none. One
// that shook hands leaves sessions behind that a later one would find, for every program draws the
// same random ids: after it the table is as it was at the start.
#ifndef LASTREF_HARNESS_TARGET_WOLFSSL_TABLE_H_
#define LASTREF_HARNESS_TARGET_WOLFSSL_TABLE_H_

#include <openssl/ssl.h>

namespace lastref::wolfssl {

// Makes the context that has no callback, and keeps what the table is like now. False when memory
// is short.
bool open_table();

// A remove callback was installed: from here to forget_callbacks(), what is added is remembered.
void callback_installed();

// A session was added to the table.
void added(SSL_SESSION* session);

// Two connections shook hands.
void shaken_hands();

// Nothing of the program's is left in the table that a later one could notice.
void forget_program();

}  // namespace lastref::wolfssl

#endif  // LASTREF_HARNESS_TARGET_WOLFSSL_TABLE_H_
