// The header of a seeded bug's patch: what it does and how it shows. harness/mutants/README.md
// describes the keys.
#ifndef LASTREF_HARNESS_SCORE_PATCH_H_
#define LASTREF_HARNESS_SCORE_PATCH_H_

#include <map>
#include <string>
#include <string_view>

#include "harness/score/bug.h"

namespace lastref {

// Lines "key: value" above the diff; a line that begins with a blank goes on with the value before.
// A line that is neither is left out.
std::map<std::string, std::string> patch_header(std::string_view patch);

// The bug of a patch, which lies at `adapter`. Empty on success, else what is wrong with the
// header: "verdict: found 'leek', expected a kind of finding".
std::string bug_of_patch(std::string_view patch, const std::string& adapter, Bug& bug);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_PATCH_H_
