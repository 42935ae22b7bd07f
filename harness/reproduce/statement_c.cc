#include "harness/reproduce/statement_c.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/program/operand.h"
#include "harness/reproduce/callback_c.h"
#include "harness/reproduce/content_c.h"
#include "harness/reproduce/event_text.h"
#include "harness/reproduce/part.h"
#include "harness/reproduce/spelling.h"

namespace lastref {
namespace {

bool is_judged(const TimelineStep& step) {
  return step.judged && step.legality == Legality::kLegal;
}

std::string session_c(std::int64_t number) { return fmt::format("session[{}]", number + 1); }

// Numbers a session that a call made, and keeps its address.
std::string born_c(SourceDraft& draft, const std::string& call) {
  draft.used.emplace("born");
  draft.used.emplace("numbers");
  return fmt::format("born({})", call);
}

class Statement {
 public:
  Statement(SourceDraft& draft, const TimelineStep& step)
      : draft_(draft), step_(step), operation_(step.operation), judged_(is_judged(step)) {}

  std::string text() {
    switch (operation_.code) {
      case Op::SESSION_FREE:
      case Op::CONNECTION_FREE:
      case Op::CACHE_FLUSH:
      case Op::CONTEXT_FREE:
      case Op::REMOVE_OWN:
        return line(call() + ";");
      case Op::SESSION_NEW:
      case Op::SESSION_NEW_WITH_ID:
      case Op::SESSION_DUP:
      case Op::COPY_SESSION:
        return made(result() + " = ", call());
      case Op::SESSION_FORGET:
        return line(operand(0) + " = NULL; /* its reference is lost */");
      case Op::SESSION_KEEP:
        return kept();
      case Op::I2D:
      case Op::I2D_ALLOCATE:
        return encoding();
      case Op::D2I:
      case Op::D2I_FRESH:
      case Op::D2I_INTO:
        return decoding();
      case Op::BLOB_TRUNCATE:
        return line(fmt::format("if ({0}.length > {1}) {0}.length = {1};", operand(0), operand(1)));
      case Op::BLOB_CHANGE:
        return line(fmt::format("if ({0}.length > 0) {0}.data[{1} % {0}.length] ^= 1;", operand(0),
                                operand(1)));
      case Op::BLOB_GIVE:
        return given();
      case Op::CONTEXT_NEW:
        return line(fmt::format("{} = {};", result(), call())) + new_context();
      case Op::ON_NEW:
      case Op::ON_GET:
      case Op::ON_REMOVE:
        return line(callback_setter_c(draft_, step_));
      case Op::ON_SERVERNAME:
        return line(servername_setter_c(draft_, step_));
      case Op::IN_NEW:
      case Op::IN_GET:
      case Op::IN_SERVERNAME:
        return line(inside_setter_c(draft_, step_));
      case Op::CONNECTION_NEW:
        return line(fmt::format("{} = {};", result(), call())) + object_expected();
      case Op::GET0_SESSION:
      case Op::GET1_SESSION:
        return line(fmt::format("{} = {};", result(), call())) + session_expected();
      case Op::SET_CONTEXT:
        return context_expected();
      case Op::HANDSHAKE:
        return handshake();
      case Op::SHUTDOWN:
        if (spelling_of(draft_.dialect, operation_.code) != nullptr) return value(call());
        return line(fmt::format("SSL_set_quiet_shutdown({}, {});", operand(0), operand(1))) +
               value(fmt::format("SSL_shutdown({})", operand(0)));
      case Op::SET_TICKETS:
        if (spelling_of(draft_.dialect, operation_.code) != nullptr) return line(call() + ";");
        return line(fmt::format("SSL_CTX_{}_options({}, SSL_OP_NO_TICKET);",
                                operation_.operand[1] != 0 ? "clear" : "set", operand(0)));
      case Op::CROWD:
        use("crowd");
        return value("crowd()");
      case Op::DUP_REFUSED:
        use("dup_refused");
        return value(fmt::format("dup_refused({})", operand(0)));
      case Op::CLOCK_ADVANCE:
        draft_.used.emplace("clock");
        return line(fmt::format("now += {};", operand(0)));
      default:
        return getter_or_value();
    }
  }

 private:
  static std::string line(const std::string& text) { return "  " + text + "\n"; }
  std::string operand(std::size_t position) { return operand_c(draft_, operation_, position); }
  std::string call() { return call_c(draft_, operation_); }
  std::string result() {
    return variable_c(draft_, variable_kind(row(operation_.code).result), operation_.result);
  }
  void use(std::string_view feature) { draft_.used.emplace(feature); }
  std::string encoder() { return called(draft_.dialect.encoder); }
  std::string decoder() { return called(draft_.dialect.decoder); }
  std::string called(std::string_view function) {
    use(fmt::format("fn_{}", function));
    return std::string(function);
  }
  bool expects_null() const { return step_.expected.result == kResultNull; }

  std::string value(const std::string& expression) {
    if (!judged_) return line(fmt::format("(void)({});", expression));
    if (step_.expected.any_result) return line(expression + ";");
    use("expect");
    return line(fmt::format("EXPECT({}, {});", number_c(step_.expected.result), expression));
  }

  // One more name and one more reference: the model's result is the session.
  std::string kept() {
    std::string call = fmt::format("SSL_SESSION_up_ref({})", operand(0));
    if (judged_) {
      use("expect");
      call = fmt::format("EXPECT(1, {})", call);
    }
    return line(call + ";") + line(fmt::format("{} = {};", result(), operand(0)));
  }

  std::string object_expected() {
    if (!judged_) return {};
    use("object");
    return line(fmt::format("EXPECT_OBJECT({});", result()));
  }

  std::string pointer_expected(const std::string& expected, const std::string& found) {
    use("pointer");
    return line(fmt::format("EXPECT_POINTER({}, {});", expected, found));
  }

  // "left CALL": a session that is born, or that the library refuses to make.
  std::string made(const std::string& left, const std::string& made_by) {
    std::string call = made_by;
    if (operation_.code == Op::SESSION_NEW) {
      use("makes_sessions");
      if (draft_.used.contains("new_session")) call = "new_session()";
    }
    if (operation_.code == Op::SESSION_NEW_WITH_ID) use("makes_sessions");
    if (!judged_) return line(left + call + ";");
    if (expects_null()) return line(left + call + ";") + pointer_expected("NULL", result());
    know(step_.expected.result);
    return line(left + born_c(draft_, call) + ";") + object_expected();
  }

  void know(std::int64_t number) {
    draft_.known[static_cast<std::size_t>(number)] = true;
    if (step_.expected.adopt == number) draft_.doubtful[static_cast<std::size_t>(number)] = true;
  }

  std::string session_expected() {
    if (!judged_) return {};
    if (expects_null()) return pointer_expected("NULL", result());
    const std::int64_t number = step_.expected.result;
    use("numbers");
    if (!draft_.known[static_cast<std::size_t>(number)]) {
      know(number);
      use("know");
      return line(fmt::format("know({}, {}); /* seen for the first time */", number + 1, result()));
    }
    return pointer_expected(session_c(number), result());
  }

  std::string context_expected() {
    if (!judged_) return line(fmt::format("(void){};", call()));
    return pointer_expected(fmt::format("c{}", step_.expected.result), call());
  }

  std::string new_context() {
    use("context");
    Features used = draft_.used;
    std::string text = part(draft_.dialect.context, used);
    for (std::size_t at = 0; (at = text.find("$0", at)) != std::string::npos;) {
      text.replace(at, 2, result());
    }
    return object_expected() + text;
  }

  std::string handshake() {
    use("handshake");
    const std::string stop = draft_.used.contains("stop") ? ", " + operand(2) : std::string();
    return value(fmt::format("handshake({}, {}{})", operand(0), operand(1), stop));
  }

  // The bytes that the program brings along, if they are any, are an array.
  std::string given() {
    const std::string blob = result();
    if (draft_.bytes.count(std::string(kGivenName)) == 0) {
      return line(fmt::format("{}.length = 0;", blob));
    }
    return line(fmt::format("{0}.length = sizeof {1};", blob, kGivenName)) +
           line(fmt::format("memcpy({0}.data, {1}, sizeof {1});", blob, kGivenName));
  }

  // The bytes lie in the blob; the pointer that is given moves behind them.
  std::string encoding() {
    const std::string blob = result();
    const std::string session = operand(0);
    if (operation_.code == Op::I2D_ALLOCATE) {
      use("block");
      return line("block = NULL;") +
             line(fmt::format("{}.length = i2d_SSL_SESSION({}, &block);", blob, session)) +
             line(fmt::format("if ({0}.length > 0) memcpy({0}.data, block, (size_t){0}.length);",
                              blob)) +
             line("OPENSSL_free(block);") + length_expected(blob, session);
    }
    use("out");
    std::string text = line(fmt::format("out = {}.data;", blob)) +
                       line(fmt::format("{}.length = {}({}, &out);", blob, encoder(), session));
    if (judged_ && !draft_.used.contains("pointer_stays")) {
      text += line(fmt::format("if ({0}.length < 0) {0}.length = 0;", blob)) +
              pointer_expected(fmt::format("{0}.data + {0}.length", blob), "out");
    }
    return text + length_expected(blob, session);
  }

  std::string length_expected(const std::string& blob, const std::string& session) {
    if (!judged_) return {};
    use("expect");
    return line(fmt::format("EXPECT({}.length, {}({}, NULL));", blob, encoder(), session));
  }

  std::string decoding() {
    use("in");
    const bool into = operation_.code == Op::D2I_INTO;
    const std::string blob = operand(into ? 1 : 0);
    const std::string variable = into ? operand(0) : result();
    // A read behind the input shows where it ends with a block.
    std::string text = draft_.used.contains("exact_input")
                           ? line(fmt::format("in = memcpy(malloc((size_t){0}.length), {0}.data, "
                                              "(size_t){0}.length);",
                                              blob))
                           : line(fmt::format("in = {}.data;", blob));
    if (operation_.code == Op::D2I_FRESH) {
      text += line(variable + " = NULL;") +
              line(fmt::format("{}(&{}, &in, {}.length);", decoder(), variable, blob)) +
              otherwise(variable);
      if (!judged_) return text;
      if (expects_null()) return text + pointer_expected("NULL", variable);
      know(step_.expected.result);
      return text + line(born_c(draft_, variable) + ";") + object_expected();
    }
    if (operation_.code == Op::D2I) {
      if (step_.expected.choices > 1) {
        text += line(fmt::format("{} = {}(NULL, &in, {}.length);", variable, decoder(), blob)) +
                otherwise(variable);
        if (!judged_ || expects_null()) return text;
        know(step_.expected.result);
        return text + line(born_c(draft_, variable) + ";");
      }
      return text +
             made(variable + " = ", fmt::format("{}(NULL, &in, {}.length)", decoder(), blob));
    }
    return text + refilling(variable, blob);
  }

  // The variable may hold the same object afterwards, another one, or none.
  std::string refilling(const std::string& variable, const std::string& blob) {
    const std::string call = fmt::format("{}(&{}, &in, {}.length)", decoder(), variable, blob);
    if (!judged_) return line(fmt::format("(void){};", call));
    use("decoded");
    std::string text = line(fmt::format("decoded = {};", call)) + otherwise("decoded");
    if (expects_null()) return text + pointer_expected("NULL", "decoded");
    const std::int64_t number = step_.expected.result;
    text += line(variable + " = decoded;");
    const bool born = number >= step_.before.born;
    know(number);
    if (born) return text + line(born_c(draft_, variable) + ";");
    use("numbers");
    return text + pointer_expected(session_c(number), variable);
  }

  // Damaged bytes may decode or not. The program goes on one way.
  std::string otherwise(const std::string& variable) {
    if (!judged_ || step_.expected.choices < 2) return {};
    return line(fmt::format("if ({} {} NULL) return 0; /* the library reads the bytes otherwise */",
                            variable, expects_null() ? "!=" : "=="));
  }

  std::string getter_or_value() {
    const bool getter = row(operation_.code).operands == "s" && operation_.code >= Op::GET_ID &&
                        operation_.code <= Op::HAS_TICKET;
    if (!getter) {
      if (operation_.code == Op::SET_EX_DATA) use("ex_data");
      return value(call());
    }
    const std::string session = operand(0);
    const std::uint8_t number = step_.before.handles[operation_.operand[0] % kMaxHandles];
    const bool doubtful = number < kMaxSessions && draft_.doubtful[number];
    if (judged_ && !step_.expected.any_result && !doubtful) {
      const std::string text = getter_c(draft_, operation_.code, session, step_.expected.result);
      if (!text.empty()) return text;
    }
    if (!gives_bytes(operation_.code)) return line(fmt::format("(void)({});", call()));
    use(row(operation_.code).name);
    use("length");
    return line(fmt::format("(void){}({}, &length);", row(operation_.code).name, session));
  }

  SourceDraft& draft_;
  const TimelineStep& step_;
  const Operation& operation_;
  bool judged_;
};

}  // namespace

std::string statement_c(SourceDraft& draft, const TimelineStep& step) {
  return Statement(draft, step).text();
}

namespace {

bool decodes(Op code) { return code == Op::D2I || code == Op::D2I_FRESH; }

// Assigns the session; `numbers` is what gives one that was made its number.
std::string session_body_c(SourceDraft& draft, const Operation& operation, bool numbers) {
  const std::string variable = variable_c(draft, OperandKind::kSession, operation.result);
  if (operation.code == Op::SESSION_KEEP) {
    const std::string kept = operand_c(draft, operation, 0);
    return fmt::format("  SSL_SESSION_up_ref({});\n  {} = {};\n", kept, variable, kept);
  }
  if (decodes(operation.code)) {
    TimelineStep step;
    step.operation = operation;
    step.judged = false;
    const std::string text = statement_c(draft, step);
    return numbers ? text + fmt::format("  {};\n", born_c(draft, variable)) : text;
  }
  std::string call = call_c(draft, operation);
  if (operation.code == Op::SESSION_NEW && draft.used.contains("new_session")) {
    call = "new_session()";
  }
  const bool borrowed = operation.code == Op::GET0_SESSION || operation.code == Op::GET1_SESSION;
  return fmt::format("  {} = {};\n", variable, numbers && !borrowed ? born_c(draft, call) : call);
}

std::string in_callback_c(SourceDraft& draft, const Operation& operation, bool numbers,
                          bool tells) {
  if (row(operation.code).result == Result::SESSION) {
    return session_body_c(draft, operation, numbers);
  }
  if (tells) {
    draft.used.emplace("results");
    const bool ex_data = operation.code == Op::SET_EX_DATA || operation.code == Op::GET_EX_DATA;
    if (ex_data) draft.used.emplace("ex_data");
    return fmt::format("  returned((long long)({}));\n", call_c(draft, operation));
  }
  TimelineStep step;
  step.operation = operation;
  step.judged = false;
  const std::string text = statement_c(draft, step);
  if (operation.code != Op::D2I_INTO || !numbers) return text;
  // Another object may have taken the place of the one that was given.
  const std::string variable = operand_c(draft, operation, 0);
  return fmt::format(
      "  {{\n  const SSL_SESSION *const before = {0};\n{1}"
      "  if ({0} != NULL && {0} != before) {2};\n  }}\n",
      variable, text, born_c(draft, variable));
}

}  // namespace

std::string body_c(SourceDraft& draft, const Operation& operation) {
  return in_callback_c(draft, operation, true, returns_number(operation.code));
}

std::string inside_c(SourceDraft& draft, const Operation& operation) {
  std::string text = in_callback_c(draft, operation, false, returns_number_inside(operation.code));
  if (may_bear(operation.code) && row(operation.code).result == Result::SESSION) {
    draft.used.emplace("inside");
    text +=
        fmt::format("  inside = {};\n", variable_c(draft, OperandKind::kSession, operation.result));
  }
  return text;
}

}  // namespace lastref
