#include "harness/campaign/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace lastref {
namespace {

constexpr mode_t kLockMode = 0644;

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  const std::filesystem::path path = directory / "lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kLockMode);
  if (file_ < 0) {
    throw std::runtime_error(path.string() + ": it cannot be written: " + std::strerror(errno));
  }
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    close(file_);
    throw std::runtime_error(directory.string() +
                             ": another campaign is at work in it; wait for it, or name another "
                             "directory");
  }
}

DirectoryLock::~DirectoryLock() { close(file_); }

}  // namespace lastref
