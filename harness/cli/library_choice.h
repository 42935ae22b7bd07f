// --library: which version of its library a target runs on.
#ifndef LASTREF_HARNESS_CLI_LIBRARY_CHOICE_H_
#define LASTREF_HARNESS_CLI_LIBRARY_CHOICE_H_

#include <string>

#include "harness/cli/verbs.h"

namespace lastref {

// Declares the option.
void add_library_option(CLI::App& verb, std::string& directory);

// Sees to it that adapters find their libraries in the directory first; empty for where the system
// has them. The loader looks where to search once, when a process starts: so this one is replaced
// by a fresh one with the same words, unless it is that one already. To be called before anything
// is read or written. Adapters whose libraries come from elsewhere all the same are refused when
// they are loaded, see harness/target/library_origin.h. Throws Failure (usage) for what is no
// directory.
void search_library_in(const std::string& directory, const CommandLine& line);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_LIBRARY_CHOICE_H_
