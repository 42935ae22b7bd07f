// The ledger as text. What is printed is copied under the locks and written without them, since
// whoever writes may block.
#include <dlfcn.h>

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <cstring>

#include "lastref/ownership.h"
#include "lib/ownership/findings.h"
#include "lib/ownership/ledger.h"

namespace lastref::ownership {
namespace {

// A C array that may be cut short for want of memory, which is told in its place.
template <class T>
class Copies {
 public:
  explicit Copies(std::size_t room)
      : items_(static_cast<T*>(std::calloc(room + 1, sizeof(T)))),
        room_(items_ == nullptr ? 0 : room) {}
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;
  ~Copies() { std::free(items_); }

  void add(const T& item) {
    if (size_ < room_) {
      items_[size_++] = item;
    } else {
      ++missing_;
    }
  }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  std::size_t size() const { return size_; }
  std::size_t missing() const { return missing_; }

 private:
  T* items_;
  std::size_t room_;
  std::size_t size_ = 0;
  std::size_t missing_ = 0;
};

void print_missing(std::size_t count, FILE* out) {
  if (count > 0) std::fprintf(out, "  and %zu more\n", count);
}

const char* word(lastref_owner_kind kind) {
  switch (kind) {
    case LASTREF_OWNER_APPLICATION:
      return "application";
    case LASTREF_OWNER_CACHE:
      return "cache";
    case LASTREF_OWNER_CONNECTION:
      return "connection";
    case LASTREF_OWNER_OTHER:
      return "other";
  }
  return "nobody";
}

void print_owner(const lastref_owner& owner, FILE* out) {
  std::fputs(word(owner.kind), out);
  if (owner.name != nullptr) std::fprintf(out, " \"%s\"", owner.name);
  if (owner.id != nullptr) std::fprintf(out, " %p", owner.id);
}

// "function+0x12 (file+0x3456)", as far as the loader knows; the second is what addr2line takes.
void print_address(const void* address, FILE* out) {
  Dl_info info;
  if (dladdr(address, &info) == 0) {
    std::fprintf(out, "%p", address);
    return;
  }
  const auto distance = [address](const void* from) {
    return reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(from);
  };
  if (info.dli_sname != nullptr) {
    std::fprintf(out, "%s+0x%" PRIxPTR " ", info.dli_sname, distance(info.dli_saddr));
  }
  const char* slash = std::strrchr(info.dli_fname, '/');
  std::fprintf(out, "(%s+0x%" PRIxPTR ")", slash == nullptr ? info.dli_fname : slash + 1,
               distance(info.dli_fbase));
}

// "#12 of thread 1, from f+0x12 (file+0x3456)", and the callers below it.
void print_moment(const lastref_moment& moment, int indent, FILE* out) {
  std::fprintf(out, "#%" PRIu64 " of thread %u", moment.sequence, moment.thread);
  if (moment.site != nullptr) {
    std::fputs(", from ", out);
    print_address(moment.site, out);
  }
  std::fputc('\n', out);
  if (moment.stack == nullptr) return;
  for (std::uint32_t i = 0; i < moment.stack->depth; ++i) {
    std::fprintf(out, "%*s", indent, "");
    print_address(moment.stack->frames[i], out);
    std::fputc('\n', out);
  }
}

void print_finding(const lastref_ledger_finding& finding, FILE* out) {
  std::fprintf(out, "%s%s of %p, event %u of its life, %u outstanding",
               finding.consequence != 0 ? "consequence: " : "",
               lastref_ledger_verdict_name(finding.verdict), finding.object, finding.event,
               finding.outstanding);
  if (finding.verdict == LASTREF_LEDGER_MISCOUNT) {
    std::fprintf(out, ", counted as %u", finding.count);
  }
  std::fputs("\n  ", out);
  print_owner(finding.owner, out);
  std::fputs(": ", out);
  print_moment(finding.moment, 4, out);
  for (std::uint32_t i = 0; i < finding.candidate_count; ++i) {
    std::fputs("  had acquired: ", out);
    print_moment(finding.candidates[i].acquired, 4, out);
    std::fputs("      released: ", out);
    print_moment(finding.candidates[i].released, 4, out);
  }
}

// All threads' events in one order, see lastref_moment.
bool earlier(const lastref_moment& a, const lastref_moment& b) {
  return a.sequence != b.sequence ? a.sequence < b.sequence : a.thread < b.thread;
}

// A reference of one object, live or remembered.
struct Line {
  lastref_owner owner;
  lastref_moment acquired;
  lastref_moment released;  // sequence 0: live
};

bool same_owner(const Line& a, const Line& b) {
  return a.owner.kind == b.owner.kind && a.owner.id == b.owner.id;
}

// By owner, and for each first what is held, in order of time.
bool above(const Line& a, const Line& b) {
  if (a.owner.kind != b.owner.kind) return a.owner.kind < b.owner.kind;
  if (a.owner.id != b.owner.id) return std::less<>()(a.owner.id, b.owner.id);
  const bool a_held = a.released.sequence == 0;
  const bool b_held = b.released.sequence == 0;
  return a_held != b_held ? a_held : earlier(a.acquired, b.acquired);
}

Line line_of(const Reference& reference, bool live) {
  const lastref_moment acquired = shown(reference.acquired);
  return {shown(reference.holder(), acquired), acquired,
          live ? lastref_moment{} : shown(reference.released)};
}

void print_branch(const Line* first, const Line* last, FILE* out) {
  const auto held =
      std::count_if(first, last, [](const Line& line) { return line.released.sequence == 0; });
  std::fputs("  ", out);
  print_owner(first->owner, out);
  std::fprintf(out, ": holds %td\n", held);
  for (const Line* line = first; line != last; ++line) {
    std::fputs("    acquired ", out);
    print_moment(line->acquired, 6, out);
    if (line->released.sequence == 0) continue;
    std::fputs("      released ", out);
    print_moment(line->released, 8, out);
  }
}

// What the tree is made of; false for an unknown object.
bool copy_lines(const void* object, Copies<Line>& lines, std::uint32_t& outstanding, bool& ended) {
  const Found found(object);
  if (found.record == nullptr) return false;
  const Shard& shard = found.shard;
  const Object& record = *found.record;
  outstanding = record.outstanding();
  ended = record.ended;
  shard.for_each_live(record, [&](const Reference& held) { lines.add(line_of(held, true)); });
  shard.for_each_remembered(record,
                            [&](const Reference& past) { lines.add(line_of(past, false)); });
  return true;
}

void print_outstanding(FILE* out) {
  // Grows between the two only if other threads go on; then what is new is missing.
  Copies<lastref_ledger_reference> held(
      lastref_ledger_report([](void*, const lastref_ledger_reference*) {}, nullptr));
  lastref_ledger_report(
      [](void* argument, const lastref_ledger_reference* reference) {
        static_cast<Copies<lastref_ledger_reference>*>(argument)->add(*reference);
      },
      &held);
  std::sort(held.begin(), held.end(),
            [](const auto& a, const auto& b) { return earlier(a.acquired, b.acquired); });
  std::fprintf(out, "%zu outstanding\n", held.size() + held.missing());
  for (const lastref_ledger_reference& reference : held) {
    std::fprintf(out, "  %p, ", reference.object);
    print_owner(reference.owner, out);
    std::fputs(": acquired ", out);
    print_moment(reference.acquired, 6, out);
  }
  print_missing(held.missing(), out);
}

void at_exit() {
  lastref_ledger_teardown();
  if (lastref_ledger_finding_count() == 0) return;
  std::fputs("lastref ledger, at exit:\n", stderr);
  lastref_ledger_print(stderr);
}

}  // namespace
}  // namespace lastref::ownership

using namespace lastref::ownership;

void lastref_object_print(const void* object, FILE* out) {
  Copies<Line> lines(kReferences + kSlots);
  std::uint32_t outstanding = 0;
  bool ended = false;
  if (!copy_lines(object, lines, outstanding, ended)) {
    std::fprintf(out, "%p: unknown\n", object);
    return;
  }
  std::fprintf(out, "%p: %u outstanding%s\n", object, outstanding, ended ? ", ended" : "");
  std::sort(lines.begin(), lines.end(), above);
  for (const Line* first = lines.begin(); first != lines.end();) {
    const Line* last = std::find_if(first + 1, static_cast<const Line*>(lines.end()),
                                    [&](const Line& line) { return !same_owner(line, *first); });
    print_branch(first, last, out);
    first = last;
  }
  print_missing(lines.missing(), out);
}

void lastref_ledger_print(FILE* out) {
  Copies<lastref_ledger_finding> kept(LASTREF_LEDGER_FINDINGS);
  lastref_ledger_finding* list = kept.begin();
  const std::size_t copied =
      list == nullptr ? 0 : lastref_ledger_findings(list, LASTREF_LEDGER_FINDINGS);
  const std::size_t count = lastref_ledger_finding_count();
  std::fprintf(out, "%zu findings\n", count);
  for (std::size_t i = 0; i < copied; ++i) print_finding(list[i], out);
  if (count > copied) std::fprintf(out, "and %zu more\n", count - copied);
  print_outstanding(out);
}

void lastref_ledger_print_at_exit() { std::atexit(at_exit); }
