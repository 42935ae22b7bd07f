#include "harness/program/manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "harness/program/operand.h"
#include "harness/program/program.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kIntroduction =
    "OPERATIONS\n"
    "\n"
    "A trace is a program in text, one operation a line; '#' begins a comment.\n"
    "\n"
    "  lastref 1                           language and version, the first line\n"
    "  misuse RULE at N                    optional: operation N breaks this rule on purpose\n"
    "  teardown STAGE STAGE STAGE falling  optional: what is let go of first at the end\n"
    "  s1 = dup s0\n"
    "  t1: free s1                         on thread 1; without a prefix on thread 0\n"
    "  on_remove c0 do up_ref arg          the operation after 'do' runs inside the callback\n"
    "  in_new c0 do b0 = i2d arg           and so it does in those of handshakes, before they "
    "answer\n"
    "  fail_alloc 3: add c0 s1             the third allocation inside it fails; 3+: all from it "
    "on\n"
    "  fail_random 1: handshake n0 n1 ...  and so the first request for random bytes; fail_lock: a "
    "lock\n"
    "  flip 2.37: handshake n0 n1 ...      a bit of byte 37 of the second flight comes as another\n"
    "  invert 2.37: ... cut 2.37: ...      all bits of it; the flight ends before it\n"
    "  repeat 2.37: ...                    what begins with it comes twice\n"
    "\n"
    "An operation says what it returns into RESULT, which is left out where there is none. Below "
    "its\n"
    "name stand its spelling in C, the values of its operands, what it does to references, the\n"
    "capability it needs of a target, and its weight in the random mix (0: only in written "
    "programs).\n";

// Numbers are given out in ranges, one for each subject, so a new operation finds its section.
struct Section {
  int first;
  std::string_view title;
  std::string_view note;
};
constexpr Section kSections[] = {
    {0, "SESSIONS: LIFE", ""},
    {10, "SESSIONS: SETTERS", ""},
    {30, "SESSIONS: GETTERS", ""},
    {50, "SESSIONS: ENCODING",
     "A blob is the encoding of a session, and may be cut or changed. bytes: it is what stands "
     "behind the word, in hexadecimal, or none; a program has one such line at most."},
    {60, "CONTEXTS", ""},
    {80, "CALLBACKS",
     "'off' takes a callback away. new: the application keeps the session or declines it. get: it "
     "returns no session, a borrowed one, or one with a reference for the library; the copy flag "
     "is "
     "left as it is, or set to 0 or 1. remove: it only watches, or does one operation, in which "
     "'arg' is the session that is removed. in_new, in_get, in_servername: what the callback does "
     "before it answers, each time that it runs; in a new callback 'arg' is the new session."},
    {90, "CONNECTIONS", ""},
    {97, "HANDSHAKES",
     "The first connection is the client, the second the server. A handshake is complete, or left "
     "alone after a flight; refused: the server answers the client's hello with a fatal alert; "
     "client_refuses: the client answers the server's certificate with one, and completes a "
     "handshake that resumes, in which it is shown none. on_servername: a server whose connection "
     "uses the first context, or else was made from it, goes on with the second."},
    {110, "THE WORLD", ""},
};

std::string_view effect_text(Effect effect) {
  switch (effect) {
    case Effect::NEUTRAL:
      return "leaves references as they are";
    case Effect::ACQUIRE:
      return "acquires a reference";
    case Effect::RELEASE:
      return "releases a reference";
    case Effect::BORROW:
      return "lends a pointer that carries no reference";
    case Effect::REPLACE:
      return "may put another object in the place of the one it is given";
    case Effect::FORGET:
      return "loses a reference on purpose";
  }
  return "?";
}

// `text` in lines of at most kColumns, each indented.
std::string wrapped(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string page;
  std::string line = margin;
  for (;;) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (line.size() > indent && line.size() + 1 + word.size() > kColumns) {
      page += line + "\n";
      line = margin;
    }
    if (line.size() > indent) line += ' ';
    line += word;
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  return page + line + "\n";
}

// The operands' names on the page; of two alike each has its number.
std::vector<std::string> placeholders(const OperationRow& of) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const auto alike = std::ranges::count(of.operands, of.operands[i]);
    const auto before = std::ranges::count(of.operands.substr(0, i), of.operands[i]);
    const std::string_view name = row(operand_kind(of, i)).placeholder;
    names.push_back(alike > 1 ? fmt::format("{}{}", name, before + 1) : std::string(name));
  }
  return names;
}

// The table's C spelling with $0 and $r replaced.
std::string spelling(const OperationRow& of, const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < of.c.size(); ++i) {
    if (of.c[i] != '$') {
      text += of.c[i];
      continue;
    }
    const char which = of.c[++i];
    const std::string_view operand =
        which == 'r' ? "RESULT" : std::string_view(names[static_cast<std::size_t>(which - '0')]);
    text += operand.substr(0, operand.find('|'));  // SESSION of "SESSION|null"
  }
  return text;
}

std::string entry(const OperationRow& of) {
  const std::vector<std::string> names = placeholders(of);
  std::string text = of.result == Result::NONE ? "\n  " : "\n  RESULT = ";
  text += of.name;
  for (const std::string& name : names) text += " " + name;
  text += "\n" + wrapped(spelling(of, names), 6);
  if (of.result != Result::NONE) {
    text += fmt::format("      RESULT: {}\n", row(variable_kind(of.result)).name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (row(operand_kind(of, i)).is_handle) continue;  // their words stand in the introduction
    const std::vector<std::string_view> words = operand_words(operand_kind(of, i));
    text += wrapped(fmt::format("{}: {}", names[i], fmt::join(words, " ")), 6);
  }
  return text + wrapped(fmt::format("{}; needs {}; weight {}", effect_text(of.effect),
                                    of.capability_name, of.weight),
                        6);
}

// What the words in capitals of the introduction and of the synopses stand for.
std::string vocabulary() {
  std::vector<std::string_view> rules;
  for (int i = 1; i < kMisuseCount; ++i) rules.push_back(name(static_cast<Misuse>(i)));
  std::vector<std::string_view> orders;
  for (const TeardownStage stage : stages(Teardown{})) orders.push_back(name(stage));
  std::string text = fmt::format("\n  {:<13} {}\n  {:<13} {}\n", "RULE", fmt::join(rules, " "),
                                 "STAGE", fmt::join(orders, " "));
  for (const OperandKindRow& kind : operand_kinds()) {
    if (!kind.is_handle) continue;
    text +=
        fmt::format("  {:<13} {}\n", kind.placeholder, fmt::join(operand_words(kind.kind), " "));
  }
  return text +
         "\n'arg' is the session that a callback is given; only the operation in it has one.\n";
}

std::string contents(const ByteValue& value) {
  if (value.data == nullptr) return fmt::format("  {:<12} NULL\n", value.name);
  if (value.size == 0) return fmt::format("  {:<12} no bytes, but not NULL\n", value.name);
  constexpr std::size_t kShown = 8;
  const std::span<const std::uint8_t> shown(value.data, std::min<std::size_t>(value.size, kShown));
  return fmt::format("  {:<12} {:>3} byte{} {:02x}{}\n", value.name, value.size,
                     value.size == 1 ? ": " : "s:", fmt::join(shown, " "),
                     value.size > kShown ? " ..." : "");
}

}  // namespace

std::string operations_manual() {
  std::string page(kIntroduction);
  page += vocabulary();
  const Section* section = nullptr;
  for (const OperationRow& of : operation_table()) {
    const auto after =
        std::ranges::upper_bound(kSections, static_cast<int>(of.code), {}, &Section::first);
    if (const Section* at = std::prev(after); at != section) {
      section = at;
      page += fmt::format("\n{}\n", at->title);
      if (!at->note.empty()) page += "\n" + wrapped(at->note, 2);
    }
    page += entry(of);
  }
  page += "\nBYTES\n\n";
  for (const OperandKindRow& kind : operand_kinds()) {
    for (const ByteValue& value : byte_values(kind.kind)) page += contents(value);
  }
  return page;
}

}  // namespace lastref
