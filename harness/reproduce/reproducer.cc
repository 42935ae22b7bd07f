#include "harness/reproduce/reproducer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "harness/program/fault_words.h"
#include "harness/program/trace.h"
#include "harness/report/sentence.h"
#include "harness/reproduce/attempts_c.h"
#include "harness/reproduce/births.h"
#include "harness/reproduce/common_parts.h"
#include "harness/reproduce/content_c.h"
#include "harness/reproduce/event_text.h"
#include "harness/reproduce/fault_c.h"
#include "harness/reproduce/header_comment.h"
#include "harness/reproduce/part.h"
#include "harness/reproduce/plan.h"
#include "harness/reproduce/spelling.h"
#include "harness/reproduce/statement_c.h"

namespace lastref {
namespace {

// What a call that does not return ends with: SIGALRM.
constexpr int kAlarmSeconds = 20;
// What memory a call that asks for ever more may have, in megabytes.
constexpr int kMemoryMegabytes = 2048;

bool has(const Program& program, std::initializer_list<Op> codes) {
  return std::ranges::any_of(program.view(), [codes](const Operation& operation) {
    return std::ranges::find(codes, operation.code) != codes.end();
  });
}

// Whether what the time is shows in the program.
bool tells_time(const ReproducerInput& input) {
  const Symptoms& symptoms = input.symptoms;
  if (has(input.program, {Op::CLOCK_ADVANCE, Op::GET_TIME, Op::SET_TIME})) return true;
  if (!symptoms.empty() && symptoms.cause().what == Discrepancy::kTime) return true;
  return std::ranges::any_of(input.program.view(), [](const Operation& operation) {
    return operation.code == Op::CACHE_FLUSH &&
           number_values(OperandKind::kTime)[operation.operand[1]].value != 0;
  });
}

class Writer {
 public:
  explicit Writer(const ReproducerInput& input)
      : input_(input),
        draft_(*input.dialect),
        plan_(make_plan(input.contract, input.program)),
        checks_(input.program, input.symptoms) {}

  Reproducer write() {
    Reproducer made;
    decide();
    made.lacks = lacks();
    if (!made.lacks.empty()) return made;
    std::string steps;
    for (const TimelineStep& step : plan_.steps) steps += step_text(step);
    settle_features();
    made.checker = checker_of(input_, plan_);
    made.source = header_comment(input_, plan_) + includes() + part(kCheckParts, draft_.used) +
                  getters_of_openssl() + byte_definitions(draft_) + variables() + numbers() +
                  parts_of_library() + part(kCallbackParts, draft_.used) + draft_.callbacks +
                  main_function(steps);
    return made;
  }

 private:
  void use(std::string_view feature) { draft_.used.emplace(feature); }
  bool uses(std::string_view feature) const { return draft_.used.contains(feature); }

  // What must be known before the first statement is written.
  void decide() {
    const Program& program = input_.program;
    const bool encodes = has(program, {Op::I2D, Op::I2D_LENGTH, Op::I2D_ALLOCATE, Op::SET_VERSION,
                                       Op::GET_VERSION, Op::HANDSHAKE});
    const bool own = encodes && !draft_.dialect.new_session.empty() &&
                     has(program, {Op::SESSION_NEW, Op::SESSION_NEW_WITH_ID});
    use(own ? "new_session" : "plain_session");
    if (tells_time(input_)) use("clock");
    if (has(program, {Op::HANDSHAKE})) use("handshake");
    if (has(program, {Op::HANDSHAKE, Op::SET_TICKET_KEY})) use("ticket_keys");
    if (has(program, {Op::SET_TICKETS})) use("tickets");
    for (const Operation& operation : program.view()) {
      if (operation.code != Op::HANDSHAKE || operation.operand[2] == kStopComplete) continue;
      use("stop");
      if (operation.operand[2] == kStopRefused) use("refused");
      if (operation.operand[2] == kStopClientRefuses) use("client_refuses");
    }
    if (input_.contract.hazards.has(Hazard::CALLBACK_NO_CONTEXT)) use("ignores_no_context");
    if (input_.contract.hazards.has(Hazard::I2D_POINTER_STAYS)) use("pointer_stays");
    const bool callbacks = has(program, {Op::ON_NEW, Op::ON_GET, Op::ON_REMOVE, Op::ON_SERVERNAME});
    use(callbacks ? "list" : "simple");
    for (const Operation& operation : program.view()) {
      if (!operation.fault.any()) continue;
      use(operation.fault.is_flight() ? "flights" : "faults");
    }
    if (makes_attempts(input_)) use("attempts");
    for (const Operation& operation : program.view()) {
      if (!is_inside(operation.code)) continue;
      use(fmt::format("{}_c{}", row(operation.code).name, operation.operand[0]));
    }
    if (program.given_size > 0) {
      draft_.bytes[std::string(kGivenName)] = {
          OperandKind::kTicket, ByteValue{kGivenName, program.given.data(), program.given_size, 0}};
    }
    if (!input_.symptoms.empty() && input_.symptoms.cause().what == Discrepancy::kInputOverrun) {
      use("exact_input");
    }
    if (callbacks || has(program, {Op::SESSION_NEW, Op::SESSION_NEW_WITH_ID, Op::CONNECTION_NEW})) {
      use("events");
    }
  }

  std::string lacks() const {
    if (uses("clock") && draft_.dialect.clock.empty() && has(input_.program, {Op::CLOCK_ADVANCE})) {
      return "a clock of its own";
    }
    for (const Operation& operation : input_.program.view()) {
      if (!operation.fault.any() || operation.fault.is_flight()) continue;
      if (!operation.fault.is_allocation()) {
        return "a way to have it that " + fault_clause(operation.fault);
      }
      if (draft_.dialect.allocator.empty()) return "allocations that fail";
      // new_session() does more than the library's own call.
      const bool own = uses("new_session") && (operation.code == Op::SESSION_NEW ||
                                               operation.code == Op::SESSION_NEW_WITH_ID);
      // So do a crowd and a dup that is refused.
      if (has_own_sessions(operation.code) || own) {
        return "a count of the allocations of " + std::string(row(operation.code).name);
      }
    }
    if (uses("attempts") && counted_handshakes(input_.program) > 1) {
      return "a count of the allocations of several handshakes";
    }
    const bool handshakes = has(input_.program, {Op::HANDSHAKE});
    return handshakes && draft_.dialect.handshake.empty() ? "handshakes" : "";
  }

  std::string step_text(const TimelineStep& step) {
    std::string text;
    if (step.teardown && !teardown_) {
      text += "\n  /* The application lets go of what it still holds. */\n";
      teardown_ = true;
    }
    text += "\n" + step_comment(input_, step) + checks_.before(draft_, step);
    const bool strangers = counts_strangers(step);
    if (strangers) text += "  strangers = 0;\n";
    text += fault_begin_c(step.operation, uses("attempts")) + step_c(draft_, input_, step) +
            fault_end_c(step.operation);
    if (strangers) text += "  EXPECT(0, strangers);\n";
    if (is_behind_fault(input_, step)) text += checks_.finding(draft_, step);
    if (!step.judged || step.legality != Legality::kLegal) return text;
    text += births_c(draft_, step);
    if (tells_events(step)) text += expect_events(step);
    return text + checks_.after(draft_, step);
  }

  // The finding that observers disagree: what was never given out was destroyed, or half so. A
  // handshake may make sessions that nobody is given.
  bool counts_strangers(const TimelineStep& step) {
    const Symptoms& symptoms = input_.symptoms;
    const bool here = !symptoms.empty() && symptoms.cause().what == Discrepancy::kObservers &&
                      symptoms.cause().operation == step.index;
    if (!here || step.operation.code == Op::HANDSHAKE || draft_.dialect.watch.empty()) return false;
    use("strangers");
    use("expect");
    return true;
  }

  // Of calls that touch no reference nothing is expected, unless the finding is there.
  bool tells_events(const TimelineStep& step) const {
    if (!uses("events")) return false;
    if (step.expected.events.size() > 0 || row(step.operation.code).effect != Effect::NEUTRAL) {
      return step.after.born > 0 || uses("list");
    }
    return !input_.symptoms.empty() && input_.symptoms.cause().operation == step.index;
  }

  std::string expect_events(const TimelineStep& step) {
    const EventOrder order = event_order(draft_, step);
    std::string text;
    if (order != EventOrder::kAsSeen && uses("list")) {
      use("sorts");
      text = fmt::format("  sort_events({});\n", order == EventOrder::kDeathsLast ? 1 : 0);
    }
    compares_events_ = true;
    const std::string events = events_text(draft_, step);
    return text + fmt::format("  EXPECT_EVENTS(\"{}\");\n", events);
  }

  // What follows from the features that the statements use.
  void settle_features() {
    if (!compares_events_) draft_.used.erase("events");
    const bool watches = uses("events") || uses("strangers");
    if (!watches) draft_.used.erase("simple");
    if (watches) {
      use("numbers");
      use("number_of");
      use("deaths");
    }
    if (uses("find")) use("number_of");
    if (uses("born")) use("know");
    if (uses("on_new") || uses("on_get")) use("connection_name");
    if (uses("keep") || uses("find")) use("variables");
    if (uses("variables")) {
      for (int i = 0; i < kMaxHandles; ++i) draft_.sessions.insert(fmt::format("s{}", i));
    }
    settle_objects();
    for (const std::string& word : draft_.contexts) use(word);
    for (const std::string& word : draft_.connections) use(word);
    if (uses("expect") || uses("pointer") || uses("object") || uses("bytes")) use("fail");
    const bool makes = has(input_.program, {Op::SESSION_NEW, Op::SESSION_NEW_WITH_ID});
    if (makes && draft_.dialect.start.find("any_context") != std::string_view::npos) {
      use("any_context");
    }
    const bool new_session = has(input_.program, {Op::SESSION_NEW}) || uses("new_with_id");
    if (uses("new_session") && !new_session) draft_.used.erase("new_session");
  }

  // The same of what an application keeps where the library has no such objects.
  void settle_objects() {
    if (!draft_.sessions.empty()) use("session");
    if (!draft_.connections.empty()) use("connection");
    const bool by_encoding = uses("fn_dup_session") || uses("fn_copy_session");
    if (by_encoding || uses("fn_encode")) use("encoder");
    if (by_encoding || uses("fn_decode")) use("decoder");
    const bool sets = uses("fn_set_cache_size") || uses("fn_set_timeout");
    if (sets) use("numbers_of_cache_set");
    if (sets || uses("fn_from_int")) use("numbers_of_cache");
  }

  std::string includes() const {
    std::string text =
        "#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
        "#include <string.h>\n";
    if (uses("faults")) text = "#include <malloc.h>\n" + text;
    if (uses("attempts")) text += "#include <signal.h>\n";
    if (limits_memory()) text += "#include <sys/resource.h>\n";
    if (uses("clock")) text += "#include <sys/time.h>\n#include <time.h>\n";
    if (uses("attempts")) text += "#include <sys/wait.h>\n";
    if (uses("new_session") && !uses("clock")) text += "#include <time.h>\n";
    return text + "#include <unistd.h>\n\n" + part(draft_.dialect.includes, draft_.used);
  }

  bool limits_memory() const {
    return !input_.symptoms.empty() && input_.symptoms.cause().what == Discrepancy::kMemoryUsedUp;
  }

  static std::string pointers(std::string_view type, const std::set<std::string>& names) {
    if (names.empty()) return {};
    return fmt::format("static {} *{};\n", type, fmt::join(names, ", *"));
  }

  std::string variables() const {
    const Dialect& dialect = draft_.dialect;
    std::string text = pointers(dialect.session_type, draft_.sessions) +
                       pointers(dialect.context_type, draft_.contexts) +
                       pointers(dialect.connection_type, draft_.connections);
    if (uses("attempts")) text += attempt_variable();
    if (uses("any_context")) text += "static SSL_CTX *any_context;\n";
    text += part(dialect.variables, draft_.used);
    if (!draft_.blobs.empty()) {
      text +=
          fmt::format("static struct {{\n  unsigned char data[16384];\n  long length;\n}} {};\n",
                      fmt::join(draft_.blobs, ", "));
    }
    if (uses("in")) text += "static const unsigned char *in;\n";
    if (uses("out")) text += "static unsigned char *out;\n";
    if (uses("block")) text += "static unsigned char *block;\n";
    if (uses("decoded")) text += fmt::format("static {} *decoded;\n", dialect.session_type);
    if (uses("length")) text += "static size_t length;\n";
    if (uses("ex_data")) text += "static int ex_index;\n";
    if (uses("inside")) {
      text += "static SSL_SESSION *inside; /* made in a callback, and not numbered yet */\n";
    }
    return text.empty() ? text : "\n" + text;
  }

  std::string numbers() const {
    const int born = plan_.steps.empty() ? 0 : plan_.steps.back().after.born;
    std::string text = part(kNumberParts, draft_.used);
    // What the program watches is more than the model expects to be born, by what may go wrong.
    const int room = std::max(born, 1) + 8;
    replace(text, "SSL_SESSION", std::string(draft_.dialect.session_type));
    replace(text, "$count", std::to_string(room + 1));
    replace(text, "$last", std::to_string(room));
    replace(text, "$tag\n", uses("know") ? part(draft_.dialect.tag, draft_.used) : "");
    return text;
  }

  static void replace(std::string& text, std::string_view from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }

  std::string getters_of_openssl() const {
    return draft_.dialect.getters.empty() ? part(kGetterParts, draft_.used) : std::string();
  }

  std::string parts_of_library() const {
    const Dialect& dialect = draft_.dialect;
    std::string text;
    if (uses("faults")) text += std::string(kFaultParts) + part(dialect.allocator, draft_.used);
    if (uses("deaths")) text += part(dialect.watch, draft_.used);
    text += part(dialect.objects, draft_.used) + part(dialect.getters, draft_.used);
    if (uses("clock")) text += part(dialect.clock, draft_.used);
    if (uses("new_session")) text += part(dialect.new_session, draft_.used);
    if (uses("new_with_id")) text += part(dialect.new_with_id, draft_.used);
    if (uses("dup_refused")) text += part(kRefusalPart, draft_.used);
    if (uses("crowd")) text += part(dialect.crowd, draft_.used);
    if (!draft_.connections.empty()) {
      text += part(dialect.transport, draft_.used) + part(dialect.connections, draft_.used);
    }
    if (uses("handshake")) {
      if (uses("flights")) text += part(kFlightParts, draft_.used);
      text += part(kStopParts, draft_.used) + part(dialect.handshake, draft_.used);
    }
    return text;
  }

  std::string main_function(const std::string& steps) const {
    const bool attempts = uses("attempts");
    std::string text = fmt::format("\n{}(void) {{\n", attempts ? "static int program" : "int main");
    text += fmt::format("  alarm({}); /* a call that does not return ends the program */\n",
                        kAlarmSeconds);
    if (limits_memory()) {
      text += fmt::format(
          "  /* A call that asks for ever more memory ends it too. */\n"
          "  struct rlimit memory = {{(rlim_t){0} << 20, (rlim_t){0} << 20}};\n"
          "  setrlimit(RLIMIT_AS, &memory);\n",
          kMemoryMegabytes);
    }
    text += part(draft_.dialect.start, draft_.used);
    if (uses("ex_data")) text += draft_.dialect.ex_index;
    text += steps + "\n  return 0;\n}\n";
    return attempts ? text + attempts_main(input_, plan_) : text;
  }

  const ReproducerInput& input_;
  SourceDraft draft_;
  Timeline plan_;
  ContentChecks checks_;
  bool teardown_ = false;
  bool compares_events_ = false;  // anywhere
};

}  // namespace

Reproducer reproduce(const ReproducerInput& input) { return Writer(input).write(); }

}  // namespace lastref
