// Where an adapter's libraries were loaded from.
//
// Of which version a library is, the loader of the system decides when the process starts: by
// LD_LIBRARY_PATH, an rpath, or the system's own directories. Whoever asks for the one in a certain
// directory wants to know that it is that one which runs, and no other.
#ifndef LASTREF_HARNESS_TARGET_LIBRARY_ORIGIN_H_
#define LASTREF_HARNESS_TARGET_LIBRARY_ORIGIN_H_

#include <filesystem>
#include <set>
#include <string>

namespace lastref {

// The environment variable that names the directory which adapters must find their libraries in.
// `lastref --library` sets it, together with LD_LIBRARY_PATH.
inline constexpr const char* kLibraryVariable = "LASTREF_LIBRARY";

// That directory, or empty.
std::filesystem::path required_library_directory();

// The shared objects of this process at one moment. What was there already (the C library) need not
// come from anywhere else.
class LoadedObjects {
 public:
  LoadedObjects();

  // Empty when every library that the adapter names as needed, and that was not there yet, was
  // loaded from the directory, and there is at least one; else what was found and what to do.
  // `adapter` is what dlopen() returned.
  std::string departure(void* adapter, const std::filesystem::path& directory) const;

 private:
  std::set<std::string> paths_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_LIBRARY_ORIGIN_H_
