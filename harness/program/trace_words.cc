#include "harness/program/trace_words.h"

#include <fmt/format.h>

#include <charconv>

namespace lastref {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kMaxQuoted = 40;

// How long the word is with which `text` begins: '=' stands alone, and ':' ends a word.
std::size_t word_length(std::string_view text) {
  if (text.front() == '=') return 1;
  const std::size_t end = text.find_first_of(" \t=:");
  if (end == std::string_view::npos) return text.size();
  return text[end] == ':' ? end + 1 : end;
}

}  // namespace

WordLine::WordLine(std::string_view text, int number) {
  text = text.substr(0, text.find('#'));
  std::size_t at = text.find_first_not_of(kBlanks);
  std::size_t end = 0;
  while (at != std::string_view::npos) {
    const std::string_view word = text.substr(at, word_length(text.substr(at)));
    words_.push_back({word, number, static_cast<int>(at) + 1});
    end = at + word.size();
    at = text.find_first_not_of(kBlanks, end);
  }
  end_ = {{}, number, static_cast<int>(end) + 1};
}

const Word& WordLine::peek(std::size_t ahead) const {
  return next_ + ahead < words_.size() ? words_[next_ + ahead] : end_;
}

Word WordLine::take() {
  const Word word = peek();
  if (!at_end()) ++next_;
  return word;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

std::optional<int> counting_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (number < 1 || text.front() == '0') return std::nullopt;
  return number;
}

std::string show_word(std::string_view word) {
  std::string text = "'";
  for (const char c : word.substr(0, kMaxQuoted)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      text += c;
    } else {
      text += fmt::format("\\x{:02x}", byte);
    }
  }
  return text + (word.size() > kMaxQuoted ? "...'" : "'");
}

}  // namespace lastref
