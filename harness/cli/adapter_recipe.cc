#include "harness/cli/adapter_recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <system_error>

#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstLine = "lastref-adapter 1";
// A recipe names some files: far less.
constexpr std::size_t kMostBytes = std::size_t{1} << 16;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string>* member_of(AdapterRecipe& recipe, std::string_view key) {
  if (key == "sources") return &recipe.sources;
  if (key == "libraries") return &recipe.libraries;
  if (key == "includes") return &recipe.includes;
  if (key == "options") return &recipe.options;
  return nullptr;
}

Failure wrong_recipe(const std::string& file, int line, std::string_view found,
                     std::string_view expected) {
  return Failure(ExitCode::kCouldNotRun,
                 fmt::format("{}:{}: found {}, expected {}; install lastref again", file, line,
                             show_word(found), expected));
}

}  // namespace

AdapterRecipe parse_recipe(std::string_view text, const std::string& file) {
  AdapterRecipe recipe;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (number == 1) {
      if (line != kFirstLine) throw wrong_recipe(file, number, line, kFirstLine);
      continue;
    }
    const std::size_t equals = line.find('=');
    const std::vector<std::string> key = words_of(line.substr(0, equals));
    std::vector<std::string>* member = key.size() == 1 ? member_of(recipe, key[0]) : nullptr;
    if (member == nullptr || equals == std::string::npos) {
      throw wrong_recipe(file, number, line, "sources, libraries, includes or options = WORD...");
    }
    *member = words_of(line.substr(equals + 1));
  }
  if (recipe.sources.empty() || recipe.libraries.empty()) {
    throw wrong_recipe(file, number, "no sources or no libraries", "both");
  }
  return recipe;
}

fs::path recipe_directory() {
  const fs::path bin = program_directory();
  return bin.empty() ? bin : (bin / "../share/lastref/adapters").lexically_normal();
}

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(recipe_directory(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".txt") names.push_back(entry->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

AdapterRecipe load_recipe(const std::string& adapter) {
  const std::vector<std::string> names = recipe_names();
  if (std::find(names.begin(), names.end(), adapter) == names.end()) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string meant = did_you_mean(adapter, views);
    throw usage_failure(fmt::format(
        "found {}, expected an adapter whose sources are in {}; {}", show_word(adapter),
        recipe_directory().string(),
        !meant.empty() ? meant
        : names.empty()
            ? std::string("there are none: build lastref where the library's headers are")
            : fmt::format("they are {}", fmt::join(names, ", "))));
  }
  const std::string file = (recipe_directory() / (adapter + ".txt")).string();
  return parse_recipe(read_file(file, kMostBytes), file);
}

fs::path library_file(const fs::path& directory, const std::string& library) {
  const std::string name = "lib" + library + ".so";
  std::error_code error;
  if (fs::exists(directory / name, error)) return directory / name;
  std::vector<fs::path> versions;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string file = entry->path().filename().string();
    if (file.starts_with(name + ".")) versions.push_back(entry->path());
  }
  if (versions.size() == 1) return versions[0];
  std::sort(versions.begin(), versions.end());
  std::vector<std::string> found;
  found.reserve(versions.size());
  for (const fs::path& version : versions) found.push_back(version.filename().string());
  throw Failure(
      ExitCode::kCouldNotRun,
      fmt::format(
          "{}: found {}, expected {} or one {}.VERSION; {}", directory.string(),
          found.empty() ? "neither" : fmt::format("{}", fmt::join(found, ", ")), name, name,
          found.empty() ? "unpack the library's package there" : "leave one, or make a link"));
}

}  // namespace lastref
