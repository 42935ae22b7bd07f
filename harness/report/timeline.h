// A program as the model sees it: what each operation does to the references, step by step to the
// end of the teardown. What reports tell of a program is read from here.
#ifndef LASTREF_HARNESS_REPORT_TIMELINE_H_
#define LASTREF_HARNESS_REPORT_TIMELINE_H_

#include <string>
#include <vector>

#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

struct TimelineStep {
  int index = 0;  // as in Symptom::operation: from the program's size on, of its teardown
  bool teardown = false;
  Operation operation;
  Operation body;  // when has_body(operation)
  Legality legality = Legality::kLegal;
  // False from the first broken rule on: the model has nothing to say there, and `before` and
  // `after` are what held last.
  bool judged = true;
  State before;
  State after;
  Expectation expected;
};

struct Timeline {
  std::vector<TimelineStep> steps;

  // The step of the operation of that index, of a body the one that installs it; NULL for none.
  const TimelineStep* at(int index) const;
};

// Where damaged bytes may decode or not, the reading is taken under which the most operations of
// the program are legal: the target's own choice is not part of a program.
Timeline make_timeline(const Contract& contract, const Program& program);

// "session 1": sessions are counted from 1 in text, in order of birth.
std::string session_name(int session);

// Whose callback ran: "the remove callback of c0", "the new callback for connection n1".
std::string callback_name(const Event& event);

// An event in words: "session 1 is destroyed", "the new callback for connection n1 runs with
// session 1".
std::string event_text(const Event& event);

// "session 1 (s0, s2)": with the handles that name it.
std::string session_with_handles(const State& state, int session);

// Who holds references to a session: "application", "cache c0", "connection n0".
struct Holding {
  std::string owner;
  int references = 0;
};
std::vector<Holding> holdings(const State& state, int session);

// "application 1, cache c0, connection n0 = 3 references"; "nobody".
std::string holders(const State& state, int session);

// "the application still holds 2 references and cache c0 one"; empty when nobody holds any.
std::string holders_sentence(const State& state, int session);

// What the step does, one line each: births, deaths and callbacks in the order that the contract
// has for them, then who holds what now.
std::vector<std::string> changes(const TimelineStep& step);

// "add c0 s0", with the thread and the body that stand on its line of the trace.
std::string operation_text(const TimelineStep& step);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_TIMELINE_H_
