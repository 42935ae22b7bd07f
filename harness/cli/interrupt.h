// Ctrl-C: the first asks the work to end and report what it has, the second ends at once.
#ifndef LASTREF_HARNESS_CLI_INTERRUPT_H_
#define LASTREF_HARNESS_CLI_INTERRUPT_H_

namespace lastref {

// Takes SIGINT and SIGTERM for the rest of the process.
void watch_interrupts();

// Whether one of them came.
bool interrupted();

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_INTERRUPT_H_
