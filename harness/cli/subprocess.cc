#include "harness/cli/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace lastref {
namespace {

constexpr mode_t kPrivateFile = 0600;

void redirect(const std::string& path, int flags, int descriptor) {
  const int fd = open(path.c_str(), flags, kPrivateFile);
  if (fd < 0 || dup2(fd, descriptor) < 0) _exit(126);
}

}  // namespace

ProcessResult run_program_in_shell(const Invocation& invocation) {
  const ScratchDirectory scratch;
  const std::string input = scratch.write("in", invocation.input);
  const std::string err = scratch.path() + "/err";
  const std::string out =
      invocation.output_path.empty() ? scratch.path() + "/out" : invocation.output_path;
  std::vector<char*> words;
  for (const std::string& word : invocation.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    redirect(input, O_RDONLY, STDIN_FILENO);
    redirect(out, O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(err, O_WRONLY | O_CREAT, STDERR_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  if (invocation.interrupt_after_ms >= 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(invocation.interrupt_after_ms));
    kill(child, SIGINT);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ProcessResult result;
  if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
  if (invocation.output_path.empty()) result.out = contents(out);
  result.err = contents(err);
  return result;
}

ScratchDirectory::ScratchDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "lastref.XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = path;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

std::string ScratchDirectory::write(const std::string& name, const std::string& text) const {
  std::string path = path_ + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace lastref
