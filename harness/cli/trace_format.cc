#include "harness/cli/trace_format.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

#include "harness/program/trace.h"

namespace lastref {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The header's lines stand once each and may have come in another order; an operation's line is
// found by its number among the operations.
std::string key_of(std::string_view code, int& operations) {
  const std::string_view word = code.substr(0, code.find_first_of(" \t"));
  if (word == "lastref" || word == "misuse" || word == "teardown") return std::string(word);
  return std::to_string(operations++);
}

struct Comments {
  std::vector<std::string_view> before;  // whole lines; an empty one is a blank line
  std::string_view behind;
};

}  // namespace

std::string format_trace(std::string_view text, const Program& program) {
  std::map<std::string, Comments> comments;
  std::vector<std::string_view> waiting;
  int operations = 0;
  const std::string printed = print_trace(program);
  const std::vector<std::string_view> canonical = split(printed);
  const bool has_teardown = printed.find("\nteardown ") != std::string::npos;
  for (const std::string_view line : split(text)) {
    const std::size_t hash = line.find('#');
    const std::string_view code = trimmed(line.substr(0, hash));
    const std::string_view comment =
        hash == std::string_view::npos ? std::string_view() : trimmed(line.substr(hash));
    if (code.empty()) {
      if (!comment.empty() || (!waiting.empty() && !waiting.back().empty()) ||
          (waiting.empty() && !comments.empty())) {
        waiting.push_back(comment);
      }
      continue;
    }
    const std::string key = key_of(code, operations);
    if (key == "teardown" &&
        !has_teardown) {  // a default spelt out: its comments go to the next line
      if (!comment.empty()) waiting.push_back(comment);
      continue;
    }
    comments[key] = {std::move(waiting), comment};
    waiting.clear();
  }
  while (!waiting.empty() && waiting.back().empty()) waiting.pop_back();

  std::string out;
  operations = 0;
  for (const std::string_view line : canonical) {
    const Comments& of = comments[key_of(line, operations)];
    for (const std::string_view before : of.before) (out += before) += '\n';
    out += line;
    if (!of.behind.empty()) (out += "  ") += of.behind;
    out += '\n';
  }
  for (const std::string_view behind : waiting) (out += behind) += '\n';
  return out;
}

}  // namespace lastref
