// The ledger's word on the reference: what it accuses a caller of in a program that keeps the rules
// is a mistake of the reference's, or its own.
#ifndef LASTREF_FUZZ_LEDGER_WATCH_H_
#define LASTREF_FUZZ_LEDGER_WATCH_H_

#include <string>

namespace lastref {

// What the ledger of this process has found since it began, as it prints it; empty for nothing.
std::string ledger_complaint();

}  // namespace lastref

#endif  // LASTREF_FUZZ_LEDGER_WATCH_H_
