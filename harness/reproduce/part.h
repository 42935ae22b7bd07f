// Parts of a C program, of which only the lines that a program uses are written: with -Wall a
// function that nobody calls is an error.
#ifndef LASTREF_HARNESS_REPRODUCE_PART_H_
#define LASTREF_HARNESS_REPRODUCE_PART_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace lastref {

// What a program uses, by words: "clock", "handshake".
using Features = std::set<std::string, std::less<>>;

// A line that begins with "@CONDITION " is written, without this mark, if the condition holds:
// "clock", "!clock" for not used, "context+clock" for both.
std::string part(std::string_view text, const Features& used);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_PART_H_
