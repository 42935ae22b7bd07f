#include "harness/target/library_origin.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <link.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

namespace lastref {
namespace {

namespace fs = std::filesystem;

// More file names than this help nobody.
constexpr std::size_t kNamesShown = 8;

const link_map* map_of(void* handle) {
  link_map* map = nullptr;
  return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 ? map : nullptr;
}

// The libraries that an object names as needed, as the linker wrote them down.
std::vector<std::string> needed_by(const link_map& object) {
  const char* names = nullptr;
  for (const ElfW(Dyn)* entry = object.l_ld; entry->d_tag != DT_NULL; ++entry) {
    // The loader has made an address of it.
    if (entry->d_tag == DT_STRTAB) names = std::bit_cast<const char*>(entry->d_un.d_ptr);
  }
  std::vector<std::string> needed;
  for (const ElfW(Dyn)* entry = object.l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_NEEDED && names != nullptr) {
      needed.emplace_back(names + entry->d_un.d_val);
    }
  }
  return needed;
}

// Where a library that is loaded came from; empty if it is not.
std::string path_of(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return {};
  const link_map* map = map_of(handle);
  std::string path = map == nullptr ? "" : map->l_name;
  dlclose(handle);
  return path;
}

// "libssl.so.1.1, libcrypto.so.1.1", or "no library".
std::string libraries_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.find(".so") != std::string::npos) names.push_back(std::move(name));
  }
  if (names.empty()) return "no library";
  std::sort(names.begin(), names.end());
  const bool all = names.size() <= kNamesShown;
  if (!all) names.resize(kNamesShown);
  return fmt::format("{}{}", fmt::join(names, ", "), all ? "" : ", ...");
}

}  // namespace

fs::path required_library_directory() {
  const char* variable = std::getenv(kLibraryVariable);
  return variable == nullptr ? fs::path() : fs::path(variable);
}

LoadedObjects::LoadedObjects() {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* paths) {
        static_cast<std::set<std::string>*>(paths)->insert(info->dlpi_name);
        return 0;
      },
      &paths_);
}

std::string LoadedObjects::departure(void* adapter, const fs::path& directory) const {
  const link_map* object = map_of(adapter);
  if (object == nullptr) return "the system's loader does not say what it loaded";
  // A subdirectory counts: the system's loader takes one for the processor at hand if there is.
  const std::string inside = directory.string() + "/";
  bool any = false;
  for (const std::string& library : needed_by(*object)) {
    const std::string path = path_of(library);
    if (paths_.count(path) != 0) continue;
    if (!path.starts_with(inside)) {
      return fmt::format(
          "found {} loaded from {}, expected it in {}, which holds {}; unpack all of the package "
          "there, or make an adapter for what is there with 'lastref build-adapter'",
          library, path.empty() ? "nowhere" : path, directory.string(), libraries_in(directory));
    }
    any = true;
  }
  if (any) return {};
  return fmt::format(
      "found no shared library that it needs, expected one in {}; a library that is built into the "
      "adapter has no other version",
      directory.string());
}

}  // namespace lastref
