// How a library is spelled in C: one table for each, data and nothing else. Whoever adds a library
// adds a table; the writer branches on none.
//
// A text that is a part of a program is a template: a line that begins with "@WORD " is there only
// in a program that uses WORD (see part.h).
#ifndef LASTREF_HARNESS_REPRODUCE_DIALECT_H_
#define LASTREF_HARNESS_REPRODUCE_DIALECT_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/program/operation.h"

namespace lastref {

// The expression of an operation where the operation table's C is not this library's. As there, $0
// and so on are the operands; bytes stand for a pointer and a length, as $*1 for the pointer alone.
struct Spelling {
  Op code;
  std::string_view c;
};

struct Dialect {
  std::string_view name = {};       // of the target
  std::string_view flags = {};      // between the warnings and the program: where the headers are
  std::string_view libraries = {};  // behind the program
  std::string_view includes = {};
  std::string_view cache_modes = {};  // bits of the cache mode that the library has a name for
  std::span<const Spelling> spellings = {};
  std::span<const Spelling> shared_spellings = {};  // of a table that others have too
  // What holds of the library wherever parts ask for it; "withholds_tickets": a server sends those
  // of TLS 1.3 with its next write only; "own_flights": handshakes have no bytes;
  // "zeroed_blocks": it asks for those by a function of their own.
  std::string_view feature = {};

  // Parts, each defined when the program uses it. Those that a library cannot have are empty.
  std::string_view watch = {};        // calls died(SESSION) when a session is destroyed
  std::string_view new_session = {};  // new_session(): one that can be encoded
  std::string_view new_with_id = {};  // new_with_id(ID, LENGTH); NULL for an id that is too long
  std::string_view crowd = {};        // crowd()
  std::string_view clock = {};        // the library's clock is `now`
  std::string_view handshake = {};    // make_credentials(), use_credentials(CONTEXT), handshake()

  // allocate() and its like, which ask fails() first; `start` makes the library use them.
  std::string_view allocator = {};

  std::string_view variables = {};  // that the parts and statements have
  // Statements.
  std::string_view start = {};     // of main(), before the library is used
  std::string_view tag = {};       // what makes a session's destruction seen; of `s`
  std::string_view ex_index = {};  // fills ex_index
  std::string_view context = {};   // what is done to a new context, $0

  // Of a library that has no objects by OpenSSL's names: what the application keeps instead. A
  // function "f" of these is a part that a program uses if it has the word "fn_f", which it has
  // when a spelling begins with "f(".
  std::string_view session_type = "SSL_SESSION";
  std::string_view context_type = "SSL_CTX";
  std::string_view connection_type = "SSL";
  std::string_view encoder = "i2d_SSL_SESSION";
  std::string_view decoder = "d2i_SSL_SESSION";
  std::string_view getters = {};  // of bytes, where they are not OpenSSL's
  std::string_view objects = {};
  std::string_view transport = {};  // this and the next where a program has a connection
  std::string_view connections = {};
};

// How it spells an operation; NULL where it has the operation table's C.
const Spelling* spelling_of(const Dialect& dialect, Op code);

// The table of that name; NULL for none.
const Dialect* dialect_named(std::string_view name);

// "boringssl", "openssl" ...
std::vector<std::string_view> dialect_names();

// One for each library, in a file of its own.
extern const Dialect kBoringSslDialect;
extern const Dialect kGnuTlsDialect;
extern const Dialect kMbedTlsDialect;
extern const Dialect kOpenSslDialect;
extern const Dialect kReferenceDialect;
extern const Dialect kWolfSslDialect;

// allocate() and its like for a library that tells them nothing but sizes.
extern const std::string_view kPlainAllocator;

// What OpenSSL and its relatives spell alike: the clock where it is the C library's, and handshakes
// in memory, over their public API.
extern const std::string_view kFamilyClock;
extern const std::string_view kFamilyHandshake;

// Of libraries that have no objects by OpenSSL's names.
extern const std::span<const Spelling> kOwnObjectSpellings;
extern const std::string_view kWire;

// Connections of libraries that are no relatives: make_credentials() and all that is done to one,
// and handshake().
extern const std::string_view kGnuTlsConnections;
extern const std::string_view kGnuTlsHandshake;
extern const std::string_view kMbedTlsConnections;
extern const std::string_view kMbedTlsHandshake;

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_DIALECT_H_
