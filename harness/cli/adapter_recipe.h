// How an adapter is compiled: the sources that lie beside the program, see lastref_adapter_recipe()
// in scripts/cmake/lastref.cmake.
#ifndef LASTREF_HARNESS_CLI_ADAPTER_RECIPE_H_
#define LASTREF_HARNESS_CLI_ADAPTER_RECIPE_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lastref {

struct AdapterRecipe {
  std::vector<std::string> sources;    // below the directory of recipes
  std::vector<std::string> libraries;  // "ssl" of libssl.so
  std::vector<std::string> includes;   // searched below each directory of headers, beside itself
  std::vector<std::string> options;    // of the compiler
};

// Lines "KEY = WORD WORD..." below "lastref-adapter 1". Throws Failure (could not run) for anything
// else: the program was not installed whole.
AdapterRecipe parse_recipe(std::string_view text, const std::string& file);

// Where the recipes lie: share/lastref/adapters beside the directory of the program.
std::filesystem::path recipe_directory();

// The adapters for which there is one, by name.
std::vector<std::string> recipe_names();

// Throws Failure (usage) for an adapter without one.
AdapterRecipe load_recipe(const std::string& adapter);

// The file of a library in a directory: libNAME.so, or the only libNAME.so.VERSION. Throws Failure
// (could not run) when there is none, or no telling which.
std::filesystem::path library_file(const std::filesystem::path& directory,
                                   const std::string& library);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_ADAPTER_RECIPE_H_
