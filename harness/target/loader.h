// Finds an adapter, loads it and checks that it is one.
//
// Loading an adapter loads its TLS library, and one process can hold only one of those: open() is
// for worker processes. find_target() and list_targets() look at file names and load nothing.
#ifndef LASTREF_HARNESS_TARGET_LOADER_H_
#define LASTREF_HARNESS_TARGET_LOADER_H_

#include <lastref/target_abi.h>

#include <filesystem>
#include <string>
#include <vector>

namespace lastref {

// An adapter's file: lastref-target-<name>.so.
struct TargetFile {
  std::string name;
  std::filesystem::path path;
};

// Where adapters are looked for, in this order: the directories of LASTREF_TARGET_PATH, separated
// by colons; the build tree's, beside the directory of the executable; the installed ones.
std::vector<std::filesystem::path> target_search_path();

// Every adapter on the search path, by name. Of two with one name the first found counts.
std::vector<TargetFile> list_targets();

// Finds the file of a target that is given by its name, or by the path of its file (anything with a
// slash in it). Empty on success, else what is wrong and what to do.
std::string find_target(const std::string& name_or_path, TargetFile& file);

// An adapter in this process.
class LoadedTarget {
 public:
  LoadedTarget() = default;
  ~LoadedTarget();
  LoadedTarget(LoadedTarget&& other) noexcept;
  LoadedTarget& operator=(LoadedTarget&& other) noexcept;

  // Loads the adapter and checks that it can be used; once. Empty on success, else one sentence
  // that says what was found, what was expected and what to do; the object is then as before.
  // With required_library_directory() set, its libraries must come from there.
  std::string open(const std::string& name_or_path);

  // Takes an adapter that is linked to this program, and outlives this, in place of a file's, with
  // the same checks; once.
  std::string use(const lastref_target& linked);

  // Starts the library on the host, which must outlive the process's last call of it. Empty on
  // success, else why not.
  std::string start(const lastref_host& host);

  bool is_open() const { return target_ != nullptr; }
  // Only when it is open.
  const lastref_target& target() const { return *target_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  void* library_ = nullptr;
  const lastref_target* target_ = nullptr;
  std::filesystem::path path_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_LOADER_H_
