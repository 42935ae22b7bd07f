#include "harness/reproduce/callback_c.h"

#include <fmt/format.h>

#include "harness/model/handshake_choice.h"
#include "harness/program/operand.h"
#include "harness/reproduce/spelling.h"
#include "harness/reproduce/statement_c.h"

namespace lastref {
namespace {

constexpr std::string_view kOnNew = R"C(
/* Operation $n. The callback gets a reference, which it $what. */
static int $name(SSL *connection, SSL_SESSION *s) {
  note("new for", connection_name(connection), s);
@acts   if ($acts != NULL) $acts(s);
@keep   if (s != NULL) return keep(s);
  return 0;
}
)C";

constexpr std::string_view kOnGet = R"C(
/* Operation $n. An external cache that $what. */
static SSL_SESSION *$name(SSL *connection, const unsigned char *id, int length,
                               int *copy) {
@!acts   SSL_SESSION *s = $find;
@acts   SSL_SESSION *s;
@acts   const int event = event_count;
@acts   note("found for", connection_name(connection), NULL);
@acts   if ($acts != NULL) $acts(NULL);
@acts   s = $find;
@acquires   if (s != NULL) SSL_SESSION_up_ref(s);
@!acts   note("found for", connection_name(connection), s);
@acts   events[event].s = s;
@acts   events[event].number = number_of(s);
@copy0   *copy = 0;
@copy1   *copy = 1;
@!copy0+!copy1   (void)copy;
@none   (void)id;
@none   (void)length;
  return s;
}
)C";

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// The pointer to what a callback of the context does first.
std::string inside_name(Op code, std::uint8_t context) {
  return fmt::format("{}_c{}", row(code).name, context);
}

std::string on_new(SourceDraft& draft, const std::string& name, int number,
                   const Operation& operation) {
  const bool keeps = operation.operand[1] == kOnNewKeep;
  const std::string inside = inside_name(Op::IN_NEW, operation.operand[0]);
  draft.used.emplace("on_new");
  Features with;
  if (keeps) with.emplace("keep");
  if (keeps) draft.used.emplace("keep");
  if (draft.used.contains(inside)) with.emplace("acts");
  std::string text = part(kOnNew, with);
  replace_all(text, "$acts", inside);
  replace_all(text, "$n.", fmt::format("{}.", number));
  replace_all(text, "$what", keeps ? "keeps by returning 1" : "declines by returning 0");
  replace_all(text, "$name", name);
  return text;
}

std::string on_get(SourceDraft& draft, const std::string& name, int number,
                   const Operation& operation) {
  const std::uint8_t mode = operation.operand[1];
  const std::string inside = inside_name(Op::IN_GET, operation.operand[0]);
  const bool none = get_callback_has_nothing(mode);
  draft.used.emplace("on_get");
  Features with;
  if (none) with.emplace("none");
  if (draft.used.contains(inside)) with.emplace("acts");
  if (mode == kOnGetOwned || mode == kOnGetOwnedCopy0 || mode == kOnGetOwnedCopy1) {
    with.emplace("acquires");
  }
  if (get_callback_hands_over(mode)) with.emplace("copy0");
  if (mode == kOnGetBorrowedCopy1 || mode == kOnGetOwnedCopy1 || mode == kOnGetNoneCopy1) {
    with.emplace("copy1");
  }
  if (!none) draft.used.emplace("find");
  std::string text = part(kOnGet, with);
  replace_all(text, "$n.", fmt::format("{}.", number));
  replace_all(text, "$what",
              none                        ? "has nothing"
              : with.contains("acquires") ? "hands out a reference of its own"
                                          : "hands out a session without a reference");
  replace_all(text, "$name", name);
  replace_all(text, "$find", none ? "NULL" : "find(id, (size_t)length)");
  replace_all(text, "$acts", inside);
  return text;
}

std::string on_remove(SourceDraft& draft, const std::string& name, int number,
                      const Operation* body) {
  draft.used.emplace("on_remove");
  std::string text = fmt::format(
      "\n/* Operation {}. The session is borrowed. */\n"
      "static void {}(SSL_CTX *context, SSL_SESSION *removed) {{\n",
      number, name);
  if (draft.used.contains("ignores_no_context")) {
    text += "  if (context == NULL) return; /* a known bug, which this program is not about */\n";
  }
  text += "  note(\"removed from\", context_name(context), removed);\n";
  if (body != nullptr) text += body_c(draft, *body);
  return text + "}\n";
}

}  // namespace

std::string callback_setter_c(SourceDraft& draft, const TimelineStep& step) {
  const Operation& operation = step.operation;
  const std::uint8_t mode = operation.operand[1];
  const int number = step.index + 1;
  draft.used.emplace("events");
  std::string name = "NULL";
  std::string_view which = "new";
  std::string definition;
  if (operation.code == Op::ON_NEW) {
    name = mode == kOnNewOff ? name : fmt::format("on_new_{}", number);
    if (mode != kOnNewOff) definition = on_new(draft, name, number, operation);
  } else if (operation.code == Op::ON_GET) {
    which = "get";
    name = mode == kOnGetOff ? name : fmt::format("on_get_{}", number);
    if (mode != kOnGetOff) definition = on_get(draft, name, number, operation);
  } else {
    which = "remove";
    name = mode == kOnRemoveOff ? name : fmt::format("on_remove_{}", number);
    if (mode != kOnRemoveOff) {
      definition = on_remove(draft, name, number, has_body(operation) ? &step.body : nullptr);
    }
  }
  draft.callbacks += definition;
  return fmt::format("SSL_CTX_sess_set_{}_cb({}, {});", which,
                     variable_c(draft, OperandKind::kContext, operation.operand[0]), name);
}

std::string inside_setter_c(SourceDraft& draft, const TimelineStep& step) {
  const Operation& operation = step.operation;
  const std::string pointer = inside_name(operation.code, operation.operand[0]);
  variable_c(draft, OperandKind::kContext, operation.operand[0]);
  if (!has_body(operation)) return pointer + " = NULL;";
  const std::string name = fmt::format("{}_{}", row(operation.code).name, step.index + 1);
  draft.argument = "made";
  const std::string body = inside_c(draft, step.body);
  draft.argument = "removed";
  draft.callbacks += fmt::format(
      "\n/* Operation {}. What a callback does before it answers. */\n"
      "static void {}(SSL_SESSION *made) {{\n  (void)made;\n{}}}\n",
      step.index + 1, name, body);
  return fmt::format("{} = {};", pointer, name);
}

std::string servername_setter_c(SourceDraft& draft, const TimelineStep& step) {
  const int number = step.index + 1;
  const std::string of = variable_c(draft, OperandKind::kContext, step.operation.operand[0]);
  const std::string to = variable_c(draft, OperandKind::kContext, step.operation.operand[1]);
  draft.used.emplace("on_new");  // what it takes to note a connection
  const std::string inside = inside_name(Op::IN_SERVERNAME, step.operation.operand[0]);
  const std::string acts = draft.used.contains(inside)
                               ? fmt::format("  if ({0} != NULL) {0}(NULL);\n", inside)
                               : std::string();
  draft.callbacks += fmt::format(
      "\n/* Operation {0}. */\n"
      "static int on_servername_{0}(SSL *connection, int *alert, void *argument) {{\n"
      "  (void)alert;\n  (void)argument;\n"
      "  note(\"at the servername of\", connection_name(connection), NULL);\n"
      "{2}  SSL_set_SSL_CTX(connection, {1});\n  return SSL_TLSEXT_ERR_OK;\n}}\n",
      number, to, acts);
  return fmt::format("SSL_CTX_set_tlsext_servername_callback({}, on_servername_{});", of, number);
}

}  // namespace lastref
