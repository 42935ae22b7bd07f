#include "harness/campaign/engine_output.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "harness/report/reported_symptom.h"

namespace lastref {
namespace {

// Of a log: some hundred lines of an engine.
constexpr std::streamoff kTailBytes = 16384;

// Calls `take` with each line.
template <typename Take>
void each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The number behind the word.
std::optional<std::uint64_t> number_after(std::string_view line, std::string_view word) {
  std::size_t at = line.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  at = std::min(line.find_first_not_of(' ', at + word.size()), line.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

// "SUMMARY: AddressSanitizer: heap-use-after-free file:12 in f" is
// "AddressSanitizer: heap-use-after-free".
std::string_view summary_in(std::string_view line) {
  constexpr std::string_view kSummary = "SUMMARY: ";
  if (!line.starts_with(kSummary)) return {};
  line.remove_prefix(kSummary.size());
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return line;
  return line.substr(0, line.find(' ', colon + 2));
}

}  // namespace

EngineStatus engine_status(std::string_view output) {
  EngineStatus status;
  each_line(output, [&status](std::string_view line) {
    if (!line.starts_with('#')) return;
    const std::optional<std::uint64_t> inputs = number_after(line, "#");
    const std::optional<std::uint64_t> corpus = number_after(line, "corp:");
    if (!inputs || !corpus) return;
    status.inputs = *inputs;
    status.corpus = *corpus;
    status.features = number_after(line, "ft:").value_or(0);
    status.rate = number_after(line, "exec/s:").value_or(0);
  });
  return status;
}

std::string written_input(std::string_view output) {
  constexpr std::string_view kWritten = "Test unit written to ";
  const std::size_t at = output.rfind(kWritten);
  if (at == std::string_view::npos) return {};
  output.remove_prefix(at + kWritten.size());
  return std::string(output.substr(0, output.find('\n')));
}

std::string log_tail(const std::filesystem::path& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kTailBytes));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string symptom_line(std::string_view report) {
  std::string line;
  each_line(report, [&line](std::string_view of) {
    for (const std::string_view part :
         {reported_verdict(of), reported_operation(of), summary_in(of)}) {
      if (part.empty()) continue;
      if (!line.empty()) line += ' ';
      line += part;
    }
  });
  return line;
}

}  // namespace lastref
