// One campaign at a time in a directory.
#ifndef LASTREF_HARNESS_CAMPAIGN_DIRECTORY_LOCK_H_
#define LASTREF_HARNESS_CAMPAIGN_DIRECTORY_LOCK_H_

#include <filesystem>

namespace lastref {

// Held while the object lives, and no longer than the process whatever ends it.
class DirectoryLock {
 public:
  // Makes the directory. Throws std::runtime_error when another process holds it, or it cannot be
  // written to.
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_DIRECTORY_LOCK_H_
