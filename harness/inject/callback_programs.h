// Programs that show a target's callbacks in every way that the operation table has for them: the
// matrix of what callbacks answer, and each operation from inside each callback. They are made from
// the tables, so that a new answer or a new operation is in them, and have names that stay.
#ifndef LASTREF_HARNESS_INJECT_CALLBACK_PROGRAMS_H_
#define LASTREF_HARNESS_INJECT_CALLBACK_PROGRAMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/program/program.h"
#include "harness/program/reentry.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct CallbackProgram {
  std::string name;  // "matrix-owned_copy0-keep-no_lookup", "reentry-new-free"
  // Whether a source allows it, and which; every cell of the matrix is allowed.
  Reentry verdict = Reentry::ALLOWED;
  std::string source;
  Program program;      // empty where there is none
  std::string missing;  // why there is none
  bool hidden = false;  // a known bug lies there, whose hazard is on
  bool applies = true;  // the target has the operation
};

// One for each answer of the get callback, each of the new callback, and each way to use the
// internal cache; in a program for a target of that contract both callbacks run in that mode.
std::vector<CallbackProgram> matrix_programs(const Contract& contract, std::uint64_t capabilities);

// One for each callback and each operation that calls the library, and for the end of each object
// that the callback has. Where no source allows one, as if the contract had callback-calls=any.
std::vector<CallbackProgram> reentry_programs(const Contract& contract, std::uint64_t capabilities);

// Programs in which the remove callback calls functions of the context that it is called by, one
// for each way out of its cache and each of those operations that is legal there.
std::vector<Program> removal_programs(const Contract& contract, std::uint64_t capabilities);

// The contract under which programs are judged that no source allows.
Contract allowing_any_call(Contract contract);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_CALLBACK_PROGRAMS_H_
