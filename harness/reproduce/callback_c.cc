#include "harness/reproduce/callback_c.h"

#include <fmt/format.h>

#include "harness/program/operand.h"
#include "harness/reproduce/spelling.h"
#include "harness/reproduce/statement_c.h"

namespace lastref {
namespace {

constexpr std::string_view kOnNew = R"C(
/* Operation $n. The callback gets a reference, which it $what. */
static int $name(SSL *connection, SSL_SESSION *s) {
  note("new for", connection_name(connection), s);
@keep   if (s != NULL) return keep(s);
  return 0;
}
)C";

constexpr std::string_view kOnGet = R"C(
/* Operation $n. An external cache that $what. */
static SSL_SESSION *$name(SSL *connection, const unsigned char *id, int length,
                               int *copy) {
  SSL_SESSION *s = $find;
@acquires   if (s != NULL) SSL_SESSION_up_ref(s);
  note("found for", connection_name(connection), s);
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

std::string on_new(SourceDraft& draft, const std::string& name, int number, bool keeps) {
  draft.used.emplace("on_new");
  if (keeps) draft.used.emplace("keep");
  std::string text = part(kOnNew, keeps ? Features{"keep"} : Features{});
  replace_all(text, "$n.", fmt::format("{}.", number));
  replace_all(text, "$what", keeps ? "keeps by returning 1" : "declines by returning 0");
  replace_all(text, "$name", name);
  return text;
}

std::string on_get(SourceDraft& draft, const std::string& name, int number, std::uint8_t mode) {
  draft.used.emplace("on_get");
  Features with;
  if (mode == kOnGetNone) with.emplace("none");
  if (mode == kOnGetOwned || mode == kOnGetOwnedCopy0 || mode == kOnGetOwnedCopy1) {
    with.emplace("acquires");
  }
  if (mode == kOnGetBorrowedCopy0 || mode == kOnGetOwnedCopy0) with.emplace("copy0");
  if (mode == kOnGetBorrowedCopy1 || mode == kOnGetOwnedCopy1) with.emplace("copy1");
  if (mode != kOnGetNone) draft.used.emplace("find");
  std::string text = part(kOnGet, with);
  replace_all(text, "$n.", fmt::format("{}.", number));
  replace_all(text, "$what",
              mode == kOnGetNone          ? "has nothing"
              : with.contains("acquires") ? "hands out a reference of its own"
                                          : "hands out a session without a reference");
  replace_all(text, "$name", name);
  replace_all(text, "$find", mode == kOnGetNone ? "NULL" : "find(id, (size_t)length)");
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
    if (mode != kOnNewOff) definition = on_new(draft, name, number, mode == kOnNewKeep);
  } else if (operation.code == Op::ON_GET) {
    which = "get";
    name = mode == kOnGetOff ? name : fmt::format("on_get_{}", number);
    if (mode != kOnGetOff) definition = on_get(draft, name, number, mode);
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

std::string servername_setter_c(SourceDraft& draft, const TimelineStep& step) {
  const int number = step.index + 1;
  const std::string of = variable_c(draft, OperandKind::kContext, step.operation.operand[0]);
  const std::string to = variable_c(draft, OperandKind::kContext, step.operation.operand[1]);
  draft.used.emplace("on_new");  // what it takes to note a connection
  draft.callbacks += fmt::format(
      "\n/* Operation {0}. */\n"
      "static int on_servername_{0}(SSL *connection, int *alert, void *argument) {{\n"
      "  (void)alert;\n  (void)argument;\n"
      "  note(\"at the servername of\", connection_name(connection), NULL);\n"
      "  SSL_set_SSL_CTX(connection, {1});\n  return SSL_TLSEXT_ERR_OK;\n}}\n",
      number, to);
  return fmt::format("SSL_CTX_set_tlsext_servername_callback({}, on_servername_{});", of, number);
}

}  // namespace lastref
