// What an application writes itself where the library has no sessions by reference, no contexts and
// no connections that hold them: what its functions are called, and those that know nothing of the
// library.
#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr Spelling kSpellings[] = {
    {Op::SESSION_NEW, "new_session()"},           {Op::SESSION_FREE, "free_session($0)"},
    {Op::CONTEXT_NEW, "new_context()"},           {Op::CONTEXT_FREE, "free_context($0)"},
    {Op::GET_NUMBER, "count_entries($0)"},        {Op::CONNECTION_NEW, "new_connection($0)"},
    {Op::CONNECTION_FREE, "free_connection($0)"}, {Op::CONNECTION_CLEAR, "clear($0)"},
    {Op::SET_SESSION, "set_session($0, $1)"},     {Op::COPY_SESSION, "copy_session($0)"},
    {Op::SHUTDOWN, "shut_down($0, $1)"},
};

}  // namespace

constinit const std::span<const Spelling> kOwnObjectSpellings = kSpellings;

const std::string_view kWire = R"C(
/* What one connection has written and the other has not read yet. */
struct wire {
  size_t waiting;
  unsigned char bytes[65536];
};

static void put(struct wire *w, const void *bytes, size_t size) {
  if (size > sizeof w->bytes - w->waiting) abort();
  memcpy(w->bytes + w->waiting, bytes, size);
  w->waiting += size;
}

static size_t take(struct wire *w, void *bytes, size_t size) {
  if (size > w->waiting) size = w->waiting;
  memcpy(bytes, w->bytes, size);
  w->waiting -= size;
  memmove(w->bytes, w->bytes + size, w->waiting);
  return size;
}
)C";

}  // namespace lastref
