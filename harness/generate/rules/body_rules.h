// What the body of a remove callback may do, as far as the kind of operation says it.
#ifndef LASTREF_HARNESS_GENERATE_RULES_BODY_RULES_H_
#define LASTREF_HARNESS_GENERATE_RULES_BODY_RULES_H_

#include "harness/generate/rules/world.h"
#include "harness/program/operation.h"

namespace lastref::rules {

// Operations that set, or get, something that a session carries.
bool is_setter(Op code);
bool is_getter(Op code);

// Whether what a getter answers is known.
bool knows_answer(const Contents& contents, Op getter);

// Whether an operation of this kind may be a remove callback's body at all.
bool allowed_in_body(const Contract& contract, Op code);

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_BODY_RULES_H_
