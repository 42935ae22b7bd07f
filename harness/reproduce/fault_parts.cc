#include "harness/reproduce/common_parts.h"
#include "harness/reproduce/dialect.h"

namespace lastref {

const std::string_view kFlightParts = R"C(
/* The flight of a handshake, counted from 1, that does not come as it was sent, 0 for none; what
   becomes of it, and at which of its bytes, from 1. */
enum {
  FLIP,   /* the lowest bit of it is another */
  INVERT, /* all of its bits are */
  CUT,    /* neither it nor what follows it comes */
  REPEAT  /* it and what follows it come twice */
};
static int damaged_flight, damage;
static size_t damage_at;

static void damage_flight(int flight, int how, size_t at) {
  damaged_flight = flight;
  damage = how;
  damage_at = at;
}
@!own_flights
@!own_flights /* A flight on its way, in a buffer of twice its size or more; its size at its end. */
@!own_flights static size_t pass_flight(int flight, unsigned char *bytes, size_t size) {
@!own_flights   const size_t at = damage_at - 1;
@!own_flights   if (flight != damaged_flight || damage_at > size) return size;
@!own_flights   if (damage == CUT) return at;
@!own_flights   if (damage == REPEAT) {
@!own_flights     memcpy(bytes + size, bytes + at, size - at);
@!own_flights     return size + (size - at);
@!own_flights   }
@!own_flights   bytes[at] = (unsigned char)(bytes[at] ^ (damage == FLIP ? 0x01 : 0xff));
@!own_flights   return size;
@!own_flights }
)C";

const std::string_view kFaultParts = R"C(
/* The allocation that is to fail, counted from 1, alone or with all that follow it; 0 for none. */
static long failing;
static int failing_on;

static int fails(void) {
  if (failing == 0) return 0;
  if (failing > 1) {
    --failing;
    return 0;
  }
  if (!failing_on) failing = 0;
  return 1;
}

static void fail_alloc(long at, int on) {
  failing = at;
  failing_on = on;
}

/* What is freed is overwritten, so that who goes on reading it does not get away with it. */
static void *(*volatile overwrite)(void *, int, size_t) = memset;
static void free_block(void *block) {
  if (block != NULL) overwrite(block, 0xfd, malloc_usable_size(block));
  free(block);
}
)C";

const std::string_view kPlainAllocator = R"C(
static void *allocate(size_t size) { return fails() ? NULL : malloc(size); }
@zeroed_blocks static void *allocate_zeroed(size_t count, size_t size) { return fails() ? NULL : calloc(count, size); }
static void *reallocate(void *block, size_t size) {
  if (block != NULL && size == 0) {
    free_block(block);
    return NULL;
  }
  return fails() ? NULL : realloc(block, size);
}
)C";

}  // namespace lastref
