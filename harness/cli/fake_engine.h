// An engine without libraries, for the tests of the command line: what it finds depends on the name
// of the target alone.
//
//   clean    nothing                      buggy    one finding, wrong-return/result/add
//   broken   cannot be started            slow     runs until it is stopped
//   throws   leaves by an exception       fails    says that it failed itself
//   lacking  has no capability at all
#ifndef LASTREF_HARNESS_CLI_FAKE_ENGINE_H_
#define LASTREF_HARNESS_CLI_FAKE_ENGINE_H_

#include "harness/cli/engine.h"

namespace lastref {

Engine fake_engine();

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_FAKE_ENGINE_H_
