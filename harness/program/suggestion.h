// "Did you mean ...?": the nearest of some names to a mistyped one.
#ifndef LASTREF_HARNESS_PROGRAM_SUGGESTION_H_
#define LASTREF_HARNESS_PROGRAM_SUGGESTION_H_

#include <span>
#include <string>
#include <string_view>

namespace lastref {

// The name that the fewest insertions, deletions, replacements and swaps of neighbours make of
// `word`, the first of several. Empty when none is near enough to have been meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

// "did you mean 'free'?", or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_SUGGESTION_H_
