// Files that the command line names, and the standard streams.
#ifndef LASTREF_HARNESS_CLI_FILES_H_
#define LASTREF_HARNESS_CLI_FILES_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lastref {

// The whole file, or the standard input for "-". Throws Failure (usage) for one that cannot be read
// or is longer than `most` bytes.
std::string read_file(const std::string& path, std::size_t most);

// The files that paths name: each file as it is, "-" too, of each directory its *.trace files in
// order of their names, however deep. Throws Failure (usage) for a path that is not there and for a
// directory with none.
std::vector<std::string> trace_files(const std::vector<std::string>& paths);

// The directory that this program lies in; empty when the system does not tell.
std::filesystem::path program_directory();

// The directory of the seed corpus, in the source tree that this program was built in or beside the
// program as installed. Throws Failure (usage) when it is in neither.
std::string seed_corpus();

// A file to be written at the end of long work. It is opened at once, so that a wrong path is known
// before the work begins, and keeps its contents until write().
class OutputFile {
 public:
  OutputFile() = default;
  // "-" is the standard output. Throws Failure (usage) if it cannot be opened for writing.
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  bool is_open() const { return fd_ >= 0; }
  // Replaces the contents. Throws Failure (could not run) when not all of it could be written, for
  // instance on a full disk. Once.
  void write(std::string_view text);

 private:
  void close_unwritten();

  std::string path_;
  int fd_ = -1;
  bool created_ = false;  // by us, so that it is taken away again if nothing was written
};

// Writes to the standard output and error. What could not be written shows in finish_output().
void print_out(std::string_view text);
void print_error(std::string_view text);
void flush_output();

// Throws Failure (could not run) if the standard output did not take all that was printed.
void finish_output();

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_FILES_H_
