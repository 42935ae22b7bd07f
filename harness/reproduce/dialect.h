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
  std::string_view name;       // of the target
  std::string_view flags;      // between the warnings and the program: where the headers are
  std::string_view libraries;  // behind the program
  std::string_view includes;
  std::string_view cache_modes;  // bits of the cache mode that the library has a name for
  std::span<const Spelling> spellings;
  // What holds of the library wherever parts ask for it; "withholds_tickets": a server sends those
  // of TLS 1.3 with its next write only.
  std::string_view feature;

  // Parts, each defined when the program uses it. Those that a library cannot have are empty.
  std::string_view watch;        // calls died(SESSION) when a session is destroyed
  std::string_view new_session;  // new_session(): one that can be encoded
  std::string_view new_with_id;  // new_with_id(ID, LENGTH); NULL for an id that is too long
  std::string_view clock;        // the library's clock is `now`
  std::string_view handshake;    // make_credentials(), use_credentials(CONTEXT), handshake()

  // allocate() and its like, which ask fails() first; `start` makes the library use them.
  std::string_view allocator;

  std::string_view variables;  // that the parts and statements have
  // Statements.
  std::string_view start;     // of main(), before the library is used
  std::string_view tag;       // what makes a session's destruction seen; of `s`
  std::string_view ex_index;  // fills ex_index
  std::string_view context;   // what is done to a new context, $0
};

// Whether it has C for all that is written of a program; if not, a trace that needs a clock or a
// handshake is refused by name.
inline bool is_complete(const Dialect& dialect) {
  return !dialect.clock.empty() && !dialect.handshake.empty();
}

// The table of that name; NULL for none.
const Dialect* dialect_named(std::string_view name);

// "boringssl", "openssl" ...
std::vector<std::string_view> dialect_names();

// One for each library, in a file of its own.
extern const Dialect kBoringSslDialect;
extern const Dialect kOpenSslDialect;
extern const Dialect kReferenceDialect;
extern const Dialect kWolfSslDialect;

// What OpenSSL and its relatives spell alike: handshakes in memory, over their public API.
extern const std::string_view kFamilyHandshake;

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_DIALECT_H_
