// A fuzzing engine's alarm, which looks at the clock: it may strike while the target runs, for whom
// the clock is a program's, and an engine that took that for its own would call an input too slow.
#ifndef LASTREF_HARNESS_FUZZ_ENGINE_ALARM_H_
#define LASTREF_HARNESS_FUZZ_ENGINE_ALARM_H_

namespace lastref {

// From now on the handler of SIGALRM that the engine has installed runs outside of the target. To
// be called before each input, for an engine sets itself up shortly before the first; calls after
// that do nothing. Without a handler that takes a siginfo_t, as that of libFuzzer does, none does.
void keep_engine_alarm_outside();

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_ENGINE_ALARM_H_
