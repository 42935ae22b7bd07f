// What an operation may come to when an allocation inside of it fails: it succeeds all the same, or
// it fails and says so. How much of the second kind a caller may count on is the contract's to say
// (Switch::FAILED_ALLOCATION).
#ifndef LASTREF_HARNESS_MODEL_FAULT_H_
#define LASTREF_HARNESS_MODEL_FAULT_H_

#include <cstdint>

#include "harness/model/state.h"

namespace lastref {

// Whether `result`, in the model's terms (event.h), says that the operation has failed. False for
// every result of one that cannot say so: what lets go, and what returns a number.
bool reports_failure(const Operation& operation, std::int64_t result);

// Whether the operation does several things, of which a failure may leave some done: a handshake,
// or one on a cache or a connection. Of others there is nothing to be done by halves that could be
// seen outside of the session that they are about.
bool has_halves(Op code);

// Whether such halves are in what no getter shows: a copy in a cache or in a connection, or how far
// a connection has come.
bool hides_halves(Op code, const Contract& contract);

// From the state before the operation to the one after its failure, where nothing has changed but
// the variable that it assigns, which is NULL.
void fail(State& state, const Operation& operation);

// The session that a failed operation may have left with other contents than before, where nothing
// promises that it is undone: the one that it was to change; kNobody for none.
std::uint8_t doubtful(const State& before, const Operation& operation);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_FAULT_H_
