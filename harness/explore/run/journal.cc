#include "harness/explore/run/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

namespace lastref {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// Of a chunk of 4096 programs a line has forty bytes.
constexpr off_t kMaxBytes = off_t{1} << 30;

std::string system_error(const std::string& path, const char* what) {
  return fmt::format("{}: {}: {}", path, what, std::strerror(errno));
}

// False at the end, or when it cannot be read.
bool read_all(int fd, std::string& text) {
  struct stat about {};
  if (fstat(fd, &about) != 0 || about.st_size > kMaxBytes) return false;
  text.resize(static_cast<std::size_t>(about.st_size));
  std::size_t got = 0;
  while (got < text.size()) {
    const ssize_t count = pread(fd, text.data() + got, text.size() - got, static_cast<off_t>(got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    got += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

Journal::~Journal() {
  if (fd_ >= 0) close(fd_);
}

std::string Journal::open(const std::string& path, const std::string& identity, ChunkMarks& marks) {
  path_ = path;
  chunks_.assign(marks.chunks(), ChunkState::kOpen);
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) return system_error(path, "the journal cannot be opened");
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    return fmt::format("{}: another run writes this journal; give each run its own", path);
  }
  std::string text;
  if (!read_all(fd_, text)) return system_error(path, "the journal cannot be read");
  // What a kill cut short.
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole < text.size() && ftruncate(fd_, static_cast<off_t>(whole)) != 0) {
    return system_error(path, "the end of the journal cannot be taken away");
  }
  text.resize(whole);
  if (text.empty()) {
    write_line(Json{{"lastref_journal", kFormat}, {"run", identity}}.dump());
    return error_;
  }
  return read(text, identity, marks);
}

std::string Journal::read(const std::string& text, const std::string& identity, ChunkMarks& marks) {
  // A chunk that was begun twice may have a verdict twice.
  std::map<std::uint64_t, JournalVerdict> verdicts;
  std::size_t begin = 0;
  for (int line = 1; begin < text.size(); ++line) {
    const std::size_t end = text.find('\n', begin);
    const Json json = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    begin = end + 1;
    const auto number = [&json](const char* key) -> std::int64_t {
      const auto found = json.is_object() ? json.find(key) : json.end();
      return found != json.end() && found->is_number_unsigned() ? found->get<std::int64_t>() : -1;
    };
    if (line == 1) {
      if (number("lastref_journal") != kFormat || !json.contains("run")) {
        return fmt::format("{}:1: found no journal of lastref explore; name another file", path_);
      }
      if (json["run"] != identity) {
        return fmt::format(
            "{}:1: found the journal of another run, expected one of\n  {}\nbut it is of\n  {}\n"
            "name another file, or give the options of that run",
            path_, identity, json["run"].dump());
      }
      continue;
    }
    const std::int64_t chunk = number("chunk");
    if (chunk >= 0 && static_cast<std::uint64_t>(chunk) < marks.chunks() &&
        number("transitions") >= 0) {
      marks.restore(static_cast<std::uint64_t>(chunk),
                    static_cast<std::uint32_t>(number("transitions")));
      chunks_[static_cast<std::size_t>(chunk)] = ChunkState::kWritten;
      continue;
    }
    JournalVerdict verdict;
    verdict.program = static_cast<std::uint64_t>(number("program"));
    verdict.signature.verdict = static_cast<Verdict>(number("verdict"));
    verdict.signature.what = static_cast<Discrepancy>(number("what"));
    verdict.signature.code = static_cast<Op>(number("operation"));
    if (number("program") < 0 || verdict.program / marks.chunk() >= marks.chunks() ||
        number("verdict") < 0 || number("what") < 0 || number("operation") < 0 ||
        !is_operation(verdict.signature.code)) {
      return fmt::format(
          "{}:{}: found neither a chunk nor a verdict of this run; the file is damaged: name "
          "another one",
          path_, line);
    }
    verdicts[verdict.program] = verdict;
  }
  for (const auto& [program, verdict] : verdicts) {
    if (marks.is_done(program)) verdicts_.push_back(verdict);
  }
  return {};
}

void Journal::add(const JournalVerdict& verdict) {
  if (fd_ < 0) return;
  write_line(Json{{"program", verdict.program},
                  {"verdict", static_cast<unsigned>(verdict.signature.verdict)},
                  {"what", static_cast<unsigned>(verdict.signature.what)},
                  {"operation", static_cast<unsigned>(verdict.signature.code)}}
                 .dump());
}

void Journal::write_settled(const ChunkMarks& marks) {
  for (std::uint64_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    ChunkState& state = chunks_[chunk];
    if (state == ChunkState::kDone) {
      write_chunk(chunk, marks);
    } else if (state == ChunkState::kOpen && marks.is_chunk_done(chunk)) {
      state = ChunkState::kDone;
    }
  }
}

void Journal::write(const ChunkMarks& marks) {
  write_settled(marks);
  write_settled(marks);
}

void Journal::write_chunk(std::uint64_t chunk, const ChunkMarks& marks) {
  chunks_[chunk] = ChunkState::kWritten;
  write_line(Json{{"chunk", chunk}, {"transitions", marks.transitions_of(chunk)}}.dump());
}

// In one piece, so that a kill leaves whole lines.
void Journal::write_line(const std::string& line) {
  if (fd_ < 0 || !error_.empty()) return;
  const std::string text = line + "\n";
  ssize_t written = 0;
  do {
    written = ::write(fd_, text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(text.size())) {
    error_ = system_error(path_, "the journal cannot be written");
  }
}

}  // namespace lastref
