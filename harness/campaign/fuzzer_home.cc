#include "harness/campaign/fuzzer_home.h"

#include <algorithm>
#include <string>

namespace lastref {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

fs::path FuzzerHome::log(std::size_t job) const {
  return directory_ / ("log-" + std::to_string(job));
}

void FuzzerHome::open() const {
  fs::create_directories(artifacts());
  // Unfinished: what was merged so far is in the corpus as well.
  fs::remove_all(new_corpus());
  if (fs::exists(old_corpus()) && !fs::exists(corpus())) fs::rename(old_corpus(), corpus());
  fs::remove_all(old_corpus());
  fs::create_directories(corpus());
}

void FuzzerHome::take_new_corpus() const {
  if (!files_in(new_corpus()).empty()) {
    fs::rename(corpus(), old_corpus());
    fs::rename(new_corpus(), corpus());
  }
  fs::remove_all(new_corpus());
  fs::remove_all(old_corpus());
}

std::vector<fs::path> FuzzerHome::waiting() const {
  std::vector<fs::path> inputs = files_in(artifacts());
  std::erase_if(inputs, [](const fs::path& input) {
    const std::string name = input.filename().string();
    return !name.starts_with("crash-") && !name.starts_with("timeout-") &&
           !name.starts_with("oom-") && !name.starts_with("leak-");
  });
  return inputs;
}

}  // namespace lastref
