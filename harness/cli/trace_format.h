// A trace in its canonical form, with the comments that its writer put into it.
#ifndef LASTREF_HARNESS_CLI_TRACE_FORMAT_H_
#define LASTREF_HARNESS_CLI_TRACE_FORMAT_H_

#include <string>
#include <string_view>

#include "harness/program/program.h"

namespace lastref {

// `program` is what `text` parses to. Lines are those of print_trace(). A comment on a line of its
// own stays before the line it stood before, one behind an operation stays behind it, and of
// several blank lines one is kept.
std::string format_trace(std::string_view text, const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_TRACE_FORMAT_H_
