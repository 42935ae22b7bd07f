#include "harness/cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

constexpr mode_t kNewFileMode = 0666;  // before the umask

[[noreturn]] void fail_read(const std::string& path, const std::string& why) {
  throw usage_failure(
      fmt::format("{}: found {}, expected a file that can be read; check the path and its "
                  "permissions",
                  path, why));
}

// The first error of the standard output; the stream keeps only that there was one.
int output_error = 0;

void note_output_error() {
  if (output_error == 0) output_error = errno == 0 ? EIO : errno;
}

std::string read_descriptor(int fd, const std::string& path, std::size_t most) {
  std::string text;
  char buffer[1 << 14];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_read(path, std::strerror(errno));
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > most) fail_read(path, fmt::format("more than {} bytes", most));
  }
}

}  // namespace

std::string read_file(const std::string& path, std::size_t most) {
  if (path == "-") return read_descriptor(STDIN_FILENO, "the standard input", most);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail_read(path, std::strerror(errno));
  try {
    std::string text = read_descriptor(fd, path, most);
    ::close(fd);
    return text;
  } catch (...) {
    ::close(fd);
    throw;
  }
}

std::vector<std::string> trace_files(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator walk(path, error);
    if (error) fail_read(path, error.message());
    for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
      if (error) fail_read(path, error.message());
      if (walk->path().extension() == ".trace") found.push_back(walk->path().string());
    }
    if (found.empty()) {
      throw usage_failure(fmt::format(
          "{}: found a directory without any *.trace, expected some; name the files", path));
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

std::filesystem::path program_directory() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : program.parent_path();
}

std::string seed_corpus() {
  namespace fs = std::filesystem;
  const fs::path bin = program_directory();
  std::error_code error;
  for (const fs::path& place :
       {bin / "../share/lastref/corpus/seeds", bin / "../../../corpus/seeds"}) {
    if (!bin.empty() && fs::is_directory(place, error)) return place.lexically_normal().string();
  }
  throw usage_failure(
      "found no seed corpus beside the program, expected share/lastref/corpus/seeds; name the "
      "directory of traces instead");
}

OutputFile::OutputFile(const std::string& path) : path_(path) {
  if (path == "-") {
    path_ = "the standard output";
    fd_ = ::dup(STDOUT_FILENO);
  } else {
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
    created_ = fd_ >= 0;
    if (fd_ < 0 && errno == EEXIST) fd_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  }
  if (fd_ >= 0) return;
  throw usage_failure(fmt::format(
      "{}: found {}, expected a file that can be written; name another or change its permissions",
      path_, std::strerror(errno)));
}

OutputFile::~OutputFile() { close_unwritten(); }

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this == &other) return *this;
  close_unwritten();
  path_ = std::move(other.path_);
  fd_ = std::exchange(other.fd_, -1);
  created_ = std::exchange(other.created_, false);
  return *this;
}

void OutputFile::close_unwritten() {
  if (fd_ < 0) return;
  ::close(fd_);
  fd_ = -1;
  if (created_) ::unlink(path_.c_str());
}

void OutputFile::write(std::string_view text) {
  const int fd = std::exchange(fd_, -1);
  struct stat status {};
  int failed = 0;
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && path_ != "the standard output" &&
      ::ftruncate(fd, 0) != 0) {
    failed = errno;
  }
  while (failed == 0 && !text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done >= 0) {
      text.remove_prefix(static_cast<std::size_t>(done));
    } else if (errno != EINTR) {
      failed = errno;
    }
  }
  // A full disk may show only when the last bytes are handed over.
  if (::close(fd) != 0 && failed == 0) failed = errno;
  if (failed == 0) return;
  throw Failure(ExitCode::kCouldNotRun,
                fmt::format("{}: found {} while writing, expected room for the report; make room "
                            "or name another file",
                            path_, std::strerror(failed)));
}

void print_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_output_error();
}

void print_error(std::string_view text) {
  flush_output();  // so that the two streams stand in order on a terminal
  // Nothing can be said about a standard error that takes nothing.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

void flush_output() {
  if (std::fflush(stdout) != 0) note_output_error();
}

void finish_output() {
  flush_output();
  if (output_error == 0) return;
  throw Failure(ExitCode::kCouldNotRun,
                fmt::format("the standard output: found {} while writing, expected room for the "
                            "report; make room or send it elsewhere",
                            std::strerror(output_error)));
}

}  // namespace lastref
