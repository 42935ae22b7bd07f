#include "harness/explore/pinned/promela.h"

#include <fmt/format.h>

namespace lastref {
namespace {

// What does not depend on the bound but through the constants. Temporaries are hidden, which keeps
// them out of the state; each is set before it is read.
constexpr const char* kOperations = R"(
byte owner[CONNECTION + 1];  /* the handles, the cache from its front, the connection */
byte count[SLOTS];
byte id[SLOTS];
hidden byte slot, place, other, number;

#define HOLDS(o) (owner[o] != NOTHING)

inline acquire(s) { count[s]++ }
inline release(s) {
  assert(count[s] > 0);
  count[s]--;
  if
  :: count[s] == 0 -> id[s] = 0
  :: else
  fi
}
inline let_go(o) { slot = owner[o]; owner[o] = NOTHING; release(slot) }
inline hold(o, s) { owner[o] = s; acquire(s) }

inline take_free_slot() {
  slot = 0;
  do
  :: count[slot] != 0 -> slot++
  :: else -> break
  od
}
inline take_fresh_id() {
  number = 0;
  other = 0;
  do  /* begins again with the next number when a session has this one */
  :: other < SLOTS && count[other] != 0 && id[other] == number -> number++; other = 0
  :: other < SLOTS && !(count[other] != 0 && id[other] == number) -> other++
  :: else -> break
  od
}

/* Those behind the place move up. */
inline unlink(p) {
  place = p;
  do
  :: place < CONNECTION - 1 -> owner[place] = owner[place + 1]; place++
  :: else -> break
  od;
  owner[CONNECTION - 1] = NOTHING
}
inline link_front(s) {
  place = CONNECTION - 1;
  do
  :: place > HANDLES -> owner[place] = owner[place - 1]; place--
  :: else -> break
  od;
  owner[HANDLES] = s
}
inline find_in_cache(s) {
  place = HANDLES;
  do
  :: place < CONNECTION && owner[place] != s -> place++
  :: else -> break
  od
}
inline find_id_in_cache(s) {
  place = HANDLES;
  do
  :: place < CONNECTION && HOLDS(place) && id[owner[place]] != id[s] -> place++
  :: else -> break
  od
}

inline new_session(h) { take_free_slot(); take_fresh_id(); id[slot] = number; hold(h, slot) }
inline dup(h, from) { take_free_slot(); id[slot] = id[owner[from]]; hold(h, slot) }
inline drop_entry(p) { other = owner[p]; unlink(p); release(other) }
inline add(h) {
  find_in_cache(owner[h]);
  if
  :: place < CONNECTION -> unlink(place); link_front(owner[h])
  :: else ->
    find_id_in_cache(owner[h]);
    if
    :: place == CONNECTION -> place = CONNECTION - 1
    :: else
    fi;
    if
    :: HOLDS(place) -> drop_entry(place)
    :: else
    fi;
    link_front(owner[h]);
    ADD_ACQUIRES
  fi
}
inline remove(h) { find_in_cache(owner[h]); drop_entry(place) }
inline flush() {
  place = HANDLES;
  do
  :: place < CONNECTION && HOLDS(place) -> let_go(place); place++
  :: else -> break
  od
}
inline set_session(h) {
  acquire(owner[h]);
  if
  :: HOLDS(CONNECTION) -> slot = owner[CONNECTION]; owner[CONNECTION] = owner[h]; release(slot)
  :: else -> owner[CONNECTION] = owner[h]
  fi
}
)";

// "(a || b || c)" of item(0) to item(n - 1).
template <class Item>
std::string joined(const char* sign, int from, int to, const Item& item) {
  std::string text = "(";
  for (int i = from; i < to; ++i) text += (i == from ? "" : sign) + item(i);
  return text + ")";
}

std::string step(const std::string& guard, const std::string& effect) {
  return fmt::format("  :: d_step {{ {} -> {}; INVARIANT }}\n", guard, effect);
}

std::string steps_into(int handle, const PinnedBound& bound) {
  std::string text =
      step(fmt::format("!HOLDS({}) && SOME_FREE", handle), fmt::format("new_session({})", handle));
  for (int from = 0; from <= bound.handles + bound.cache; ++from) {
    if (from == handle) continue;
    text += step(fmt::format("!HOLDS({}) && HOLDS({})", handle, from),
                 fmt::format("hold({}, owner[{}])", handle, from));
    if (from >= bound.handles) continue;
    text += step(fmt::format("!HOLDS({}) && HOLDS({}) && SOME_FREE", handle, from),
                 fmt::format("dup({}, {})", handle, from));
  }
  return text;
}

std::string steps_with(int handle, const PinnedBound& bound) {
  const std::string holds = fmt::format("HOLDS({})", handle);
  const std::string cached = joined(" || ", bound.handles, bound.handles + bound.cache, [&](int o) {
    return fmt::format("owner[{}] == owner[{}]", o, handle);
  });
  return step(holds, fmt::format("let_go({})", handle)) +
         step(holds, fmt::format("add({})", handle)) +
         step(holds + " && " + cached, fmt::format("remove({})", handle)) +
         step(holds, fmt::format("set_session({})", handle));
}

}  // namespace

std::string promela(const PinnedBound& bound) {
  const int connection = bound.handles + bound.cache;
  const std::string free =
      joined(" || ", 0, bound.slots, [](int s) { return fmt::format("count[{}] == 0", s); });
  const std::string invariant = joined(" && ", 0, bound.slots, [&](int s) {
    return fmt::format("count[{}] == {}", s, joined(" + ", 0, connection + 1, [&](int o) {
                         return fmt::format("(owner[{}] == {})", o, s);
                       }));
  });
  std::string text = fmt::format(
      "/* {} */\n#define SLOTS {}\n#define NOTHING {}\n#define HANDLES {}\n#define CONNECTION {}\n"
      "#define SOME_FREE {}\n#define INVARIANT assert({})\n#define ADD_ACQUIRES {}\n",
      lastref::text(bound), bound.slots, bound.slots, bound.handles, connection, free, invariant,
      bound.bug == PinnedBug::kCacheAdd ? "skip" : "acquire(owner[h])");
  text += kOperations;
  text += "\ninit {\n  d_step {\n";
  for (int o = 0; o <= connection; ++o) text += fmt::format("    owner[{}] = NOTHING;\n", o);
  text += "  }\n  do\n";
  for (int handle = 0; handle < bound.handles; ++handle) {
    text += steps_into(handle, bound) + steps_with(handle, bound);
  }
  text += step("HOLDS(HANDLES)", "flush()");
  text += step("HOLDS(CONNECTION)", "let_go(CONNECTION)");
  return text + "  od\n}\n";
}

}  // namespace lastref
