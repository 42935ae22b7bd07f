#include "harness/target/loader.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/target/library_origin.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "lastref-target-";
constexpr std::string_view kSuffix = ".so";
constexpr const char* kOpenSymbol = "lastref_target_open";

// The name in lastref-target-<name>.so, empty for a file called otherwise.
std::string name_of(const fs::path& path) {
  const std::string file = path.filename().string();
  if (file.size() <= kPrefix.size() + kSuffix.size() || !file.starts_with(kPrefix) ||
      !file.ends_with(kSuffix)) {
    return {};
  }
  return file.substr(kPrefix.size(), file.size() - kPrefix.size() - kSuffix.size());
}

std::string joined_search_path() {
  std::string text;
  for (const fs::path& directory : target_search_path()) {
    text += (text.empty() ? "" : ", ") + directory.string();
  }
  return text;
}

std::string joined_names() {
  std::string text;
  for (const TargetFile& file : list_targets()) text += (text.empty() ? "" : ", ") + file.name;
  return text.empty() ? "none" : text;
}

// Why the file cannot be read, or empty. dlopen() says less, and says it of directories too.
std::string unreadable(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return "there is no such file";
  if (error) return error.message();
  if (!fs::is_regular_file(status)) return "it is not a file";
  if (access(path.c_str(), R_OK) != 0) return std::strerror(errno);
  return {};
}

// The members that every adapter must have, by name.
const char* missing_member(const lastref_target& target) {
  if (target.name == nullptr || *target.name == '\0') return "name";
  if (target.start == nullptr) return "start";
  if (target.version == nullptr) return "version";
  if (target.perform == nullptr) return "perform";
  if (target.view_session == nullptr) return "view_session";
  if (target.view_context == nullptr) return "view_context";
  if (target.reset_context == nullptr) return "reset_context";
  if (target.quiesce == nullptr) return "quiesce";
  if (target.switches == nullptr && target.switch_count != 0) return "switches";
  return nullptr;
}

// What makes the adapter unusable, or empty.
std::string check(const lastref_target* target) {
  if (target == nullptr) {
    return fmt::format("it does not speak ABI {}; rebuild it with this lastref's headers",
                       LASTREF_TARGET_ABI);
  }
  // In this order: the size says whether there is an abi, and the abi what the size must be.
  if (target->size < offsetof(lastref_target, name) || target->abi != LASTREF_TARGET_ABI) {
    return fmt::format("found ABI {}, expected {}; rebuild it with this lastref's headers",
                       target->size < offsetof(lastref_target, name) ? 0 : target->abi,
                       LASTREF_TARGET_ABI);
  }
  if (target->size < sizeof(lastref_target)) {
    return fmt::format(
        "found a lastref_target of {} bytes, expected at least {}; set its size to "
        "sizeof(lastref_target) and rebuild it with this lastref's headers",
        target->size, sizeof(lastref_target));
  }
  if (const char* member = missing_member(*target); member != nullptr) {
    return fmt::format("its lastref_target leaves '{}' empty; set it", member);
  }
  return {};
}

}  // namespace

std::vector<fs::path> target_search_path() {
  std::vector<fs::path> directories;
  if (const char* variable = std::getenv("LASTREF_TARGET_PATH"); variable != nullptr) {
    std::string_view rest = variable;
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(':'));
      if (!part.empty()) directories.emplace_back(part);
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
  }
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    for (const char* place : {"../targets", LASTREF_TARGETS_FROM_BIN}) {
      directories.push_back((executable.parent_path() / place).lexically_normal());
    }
  }
  return directories;
}

std::vector<TargetFile> list_targets() {
  std::vector<TargetFile> files;
  for (const fs::path& directory : target_search_path()) {
    // A directory that is not there or cannot be read holds no target.
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
      std::string name = name_of(entry->path());
      const auto same = [&](const TargetFile& file) { return file.name == name; };
      if (name.empty() || std::any_of(files.begin(), files.end(), same)) continue;
      files.push_back({std::move(name), entry->path()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const TargetFile& a, const TargetFile& b) { return a.name < b.name; });
  return files;
}

std::string find_target(const std::string& name_or_path, TargetFile& file) {
  if (name_or_path.find('/') != std::string::npos) {
    file.path = name_or_path;
    file.name = name_of(file.path);
    if (file.name.empty()) file.name = file.path.stem().string();
    const std::string why = unreadable(file.path);
    if (why.empty()) return {};
    return fmt::format("cannot read the target '{}': {}; give the path of an adapter's {} file",
                       name_or_path, why, kSuffix);
  }
  for (TargetFile& candidate : list_targets()) {
    if (candidate.name != name_or_path) continue;
    file = std::move(candidate);
    const std::string why = unreadable(file.path);
    if (why.empty()) return {};
    return fmt::format("cannot read the target '{}': {}; mend the file or build it again",
                       file.path.string(), why);
  }
  return fmt::format(
      "found no target '{}', expected {}{}{} in one of {}; the targets there are: {}; name one of "
      "them, or set LASTREF_TARGET_PATH to the directory of the adapter",
      name_or_path, kPrefix, name_or_path, kSuffix, joined_search_path(), joined_names());
}

LoadedTarget::~LoadedTarget() {
  if (library_ != nullptr) dlclose(library_);
}

LoadedTarget::LoadedTarget(LoadedTarget&& other) noexcept { *this = std::move(other); }

LoadedTarget& LoadedTarget::operator=(LoadedTarget&& other) noexcept {
  std::swap(library_, other.library_);
  std::swap(target_, other.target_);
  std::swap(path_, other.path_);
  return *this;
}

std::string LoadedTarget::open(const std::string& name_or_path) {
  TargetFile file;
  if (std::string error = find_target(name_or_path, file); !error.empty()) return error;
  // A path with a slash in it, so that dlopen() does not search for it.
  const std::string path = fs::absolute(file.path).string();
  const fs::path libraries = required_library_directory();
  const LoadedObjects before;
  LoadedTarget loaded;
  // Not to be unloaded: a started library holds pointers to the adapter's functions, and calls them
  // when a thread ends.
  loaded.library_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (loaded.library_ == nullptr) {
    return fmt::format(
        "cannot load the target '{}': {}; {}", path, dlerror(),
        libraries.empty()
            ? "install what is missing, or build the adapter for this machine"
            : "make an adapter for the library in that directory with 'lastref build-adapter'");
  }
  if (!libraries.empty()) {
    const std::string departure = before.departure(loaded.library_, libraries);
    if (!departure.empty()) return fmt::format("cannot use the target '{}': {}", path, departure);
  }
  void* symbol = dlsym(loaded.library_, kOpenSymbol);
  if (symbol == nullptr) {
    return fmt::format(
        "'{}' is no target: found no function {}, expected one with default visibility; define it "
        "as <lastref/target_abi.h> says",
        path, kOpenSymbol);
  }
  lastref_target_open_function* entry = nullptr;
  static_assert(sizeof entry == sizeof symbol);
  std::memcpy(&entry, &symbol, sizeof symbol);
  loaded.target_ = entry(LASTREF_TARGET_ABI);
  if (std::string error = check(loaded.target_); !error.empty()) {
    return fmt::format("cannot use the target '{}': {}", path, error);
  }
  loaded.path_ = path;
  *this = std::move(loaded);
  return {};
}

std::string LoadedTarget::use(const lastref_target& linked) {
  if (std::string error = check(&linked); !error.empty()) {
    return fmt::format("cannot use the target that is linked to this program: {}", error);
  }
  target_ = &linked;
  return {};
}

std::string LoadedTarget::start(const lastref_host& host) {
  char error[512] = "";
  if (target_->start(&host, error, sizeof error) == 0) return {};
  error[sizeof error - 1] = '\0';
  return fmt::format("the target '{}' could not start: {}", target_->name,
                     *error == '\0' ? "it gave no reason" : error);
}

}  // namespace lastref
