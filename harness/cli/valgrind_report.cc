#include "harness/cli/valgrind_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace lastref {
namespace {

// Frames of a stack that are shown; behind them come the adapter's and lastref's own.
constexpr std::size_t kFrames = 6;

// What stands between <tag> and </tag>, the first such in `xml`; empty for none. memcheck's
// elements have no attributes, and none that is read here contains another one of its name.
std::string_view element(std::string_view xml, std::string_view tag) {
  const std::string open = fmt::format("<{}>", tag);
  const std::string close = fmt::format("</{}>", tag);
  const std::size_t begin = xml.find(open);
  if (begin == xml.npos) return {};
  const std::size_t end = xml.find(close, begin);
  if (end == xml.npos) return {};
  return xml.substr(begin + open.size(), end - begin - open.size());
}

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
  std::string plain;
  while (!text.empty()) {
    const auto* const entity =
        std::find_if(kEntities.begin(), kEntities.end(),
                     [&](const auto& candidate) { return text.starts_with(candidate.first); });
    const bool found = entity != kEntities.end();
    plain += found ? entity->second : text[0];
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return plain;
}

std::string frame_text(std::string_view frame) {
  const std::string_view object = element(frame, "obj");
  const std::string_view file = object.substr(object.find_last_of('/') + 1);
  const std::string_view function = element(frame, "fn");
  if (function.empty()) return std::string(file.empty() ? element(frame, "ip") : file);
  return fmt::format("{} ({})", unescaped(function), file);
}

std::vector<std::string> stack_of(std::string_view error) {
  std::vector<std::string> frames;
  std::string_view stack = element(error, "stack");
  while (frames.size() < kFrames) {
    const std::string_view frame = element(stack, "frame");
    if (frame.empty()) break;
    frames.push_back(frame_text(frame));
    stack.remove_prefix(static_cast<std::size_t>(frame.data() - stack.data()) + frame.size());
  }
  return frames;
}

ValgrindError error_of(std::string_view xml, int operation) {
  ValgrindError error;
  error.operation = operation;
  error.kind = unescaped(element(xml, "kind"));
  error.what = unescaped(element(xml, "what"));
  if (error.what.empty()) error.what = unescaped(element(element(xml, "xwhat"), "text"));
  error.where = unescaped(element(xml, "auxwhat"));
  error.stack = stack_of(xml);
  return error;
}

// "operation 7", as lastref has valgrind write it; 0 for other messages.
int operation_of(std::string_view message) {
  constexpr std::string_view kWord = "operation ";
  const std::string_view text = element(message, "text");
  const std::size_t at = text.find(kWord);
  return at == text.npos ? 0 : std::atoi(std::string(text.substr(at + kWord.size())).c_str());
}

}  // namespace

std::vector<ValgrindError> parse_valgrind_report(std::string_view xml) {
  std::vector<ValgrindError> errors;
  int operation = 0;
  for (;;) {
    const std::string_view message = element(xml, "clientmsg");
    const std::string_view error = element(xml, "error");
    if (message.empty() && error.empty()) return errors;
    const bool next_is_error = !error.empty() && (message.empty() || error.data() < message.data());
    const std::string_view next = next_is_error ? error : message;
    if (next_is_error) {
      errors.push_back(error_of(error, operation));
    } else if (const int begins = operation_of(message); begins != 0) {
      operation = begins;
    }
    xml.remove_prefix(static_cast<std::size_t>(next.data() - xml.data()) + next.size());
  }
}

std::string valgrind_text(const std::vector<ValgrindError>& errors) {
  if (errors.empty()) return "  valgrind: nothing was seen\n";
  std::string text;
  for (const ValgrindError& error : errors) {
    text += fmt::format("  valgrind: at operation {}: {}{}{}\n", error.operation, error.what,
                        error.where.empty() ? "" : "; ", error.where);
    for (const std::string& frame : error.stack) text += "      " + frame + "\n";
  }
  return text;
}

}  // namespace lastref
