#include "harness/corpus/corpus_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "harness/cli/files.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

std::string text_of(const std::string& path) { return read_file(path, kMaxTraceBytes); }

}  // namespace

std::vector<CorpusTrace> corpus_traces() {
  std::vector<CorpusTrace> traces;
  for (const std::string& file : trace_files({kCorpus})) {
    CorpusTrace trace;
    const std::filesystem::path path = std::filesystem::relative(file, kCorpus);
    trace.name = (path.parent_path() / path.stem()).string();
    trace.text = text_of(file);
    auto parsed = parse_trace(trace.text);
    if (const auto* error = std::get_if<TraceError>(&parsed)) {
      ADD_FAILURE() << error->text("corpus/" + path.string());
      continue;
    }
    trace.program = std::get<Program>(parsed);
    traces.push_back(std::move(trace));
  }
  return traces;
}

Expectations corpus_expectations() {
  auto parsed = parse_expectations(text_of(std::string(kCorpus) + "/expected.txt"));
  if (const auto* error = std::get_if<CorpusError>(&parsed)) {
    ADD_FAILURE() << error->text("corpus/expected.txt");
    return {};
  }
  return std::get<Expectations>(std::move(parsed));
}

BugTable corpus_bugs() {
  auto parsed = parse_bug_table(text_of(std::string(kCorpus) + "/bugs.md"));
  if (const auto* error = std::get_if<CorpusError>(&parsed)) {
    ADD_FAILURE() << error->text("corpus/bugs.md");
    return {};
  }
  return std::get<BugTable>(std::move(parsed));
}

std::vector<std::string> built_adapters(const std::string& build) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(build + "/targets")) {
    if (file.path().extension() == ".so") paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace lastref
