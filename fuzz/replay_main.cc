// Runs inputs without a fuzzing engine, and makes what an engine is given to begin with.
//
// A finding ends the process as it does under an engine: with a report, and abort().
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/entry.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/program/values.h"

namespace {

namespace fs = std::filesystem;

// More than any input: the longest trace that is read.
constexpr std::size_t kMaxInputBytes = std::size_t{1} << 20;

constexpr std::string_view kUsage =
    "Usage: fuzz_..._replay FILE_OR_DIRECTORY...       run each input once\n"
    "       fuzz_..._replay --trace FILE...            print each instead, a program as a trace\n"
    "       fuzz_..._replay --seeds OUT TRACE_OR_DIRECTORY...\n"
    "                                                  write inputs made of traces to OUT\n"
    "       fuzz_..._replay --hazards                  print the known bugs that are gone round\n"
    "       fuzz_..._replay --dictionary               print the words of the inputs, if any\n";

std::vector<std::string> files_of(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

lastref::Input read_input(const std::string& path) {
  const std::string text = lastref::read_file(path, kMaxInputBytes);
  return {text.begin(), text.end()};
}

void replay(const std::string& path) {
  const lastref::Input input = read_input(path);
  // Named first: the input may end the process.
  std::cout << path << ": " << std::flush;
  LLVMFuzzerTestOneInput(input.data(), input.size());
  std::cout << "clean\n";
}

// Named by their contents, so that equal ones are one.
void write_seeds(const std::string& directory, const std::vector<std::string>& paths) {
  fs::create_directories(directory);
  for (const std::string& file : lastref::trace_files(paths)) {
    for (const lastref::Input& seed : lastref::seeds_of(lastref::read_file(file, kMaxInputBytes))) {
      const std::string name = fs::path(file).stem().string() + "-" +
                               std::to_string(lastref::fingerprint(seed.data(), seed.size()));
      lastref::OutputFile out((fs::path(directory) / name).string());
      out.write({reinterpret_cast<const char*>(seed.data()), seed.size()});
    }
  }
}

int usage() {
  std::cerr << kUsage;
  return static_cast<int>(lastref::ExitCode::kUsage);
}

int run(std::vector<std::string> words) {
  const std::string option =
      !words.empty() && words.front().starts_with("--") ? words.front() : std::string();
  if (!option.empty()) words.erase(words.begin());
  if (option == "--dictionary" && words.empty()) {
    std::cout << lastref::dictionary();
    return 0;
  }
  if (option == "--hazards" && words.empty()) {
    std::cout << lastref::hazards() << "\n";
    return 0;
  }
  if (option == "--seeds" && words.size() >= 2) {
    write_seeds(words.front(), {words.begin() + 1, words.end()});
    return 0;
  }
  if (words.empty() || !(option.empty() || option == "--trace")) return usage();
  for (const std::string& path : words) {
    for (const std::string& file : files_of(path)) {
      if (option.empty()) {
        replay(file);
      } else {
        std::cout << lastref::describe_input(read_input(file));
      }
    }
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    LLVMFuzzerInitialize(&count, &arguments);
    return run({arguments + 1, arguments + count});
  } catch (const lastref::Failure& failure) {
    std::cerr << failure.what() << "\n";
    return static_cast<int>(failure.code());
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(lastref::ExitCode::kCouldNotRun);
  }
}
