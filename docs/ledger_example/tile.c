#include "tile.h"

#include <lastref/ownership.h>
#include <stdlib.h>

enum { kZooms = 20 };

struct tile {
  unsigned references;
  int zoom;
};
struct atlas {
  tile *of_zoom[kZooms];
};
struct view {
  tile *shown;
};

/* Who acts. The application's site is who called this library. */
static lastref_owner by_application(const void *caller) {
  lastref_owner owner = {LASTREF_OWNER_APPLICATION, NULL, caller, NULL};
  return owner;
}
static lastref_owner by_atlas(const atlas *which) {
  lastref_owner owner = {LASTREF_OWNER_CACHE, which, NULL, "atlas"};
  return owner;
}
static lastref_owner by_view(const view *which) {
  lastref_owner owner = {LASTREF_OWNER_OTHER, which, NULL, "view"};
  return owner;
}
#define CALLER __builtin_return_address(0)

static void acquire(tile *shown, lastref_owner owner) {
  lastref_acquire(shown, owner);
  ++shown->references;
}

static void release(tile *shown, lastref_owner owner) {
  lastref_release(shown, owner); /* before the tile may be gone */
  if (--shown->references > 0) return;
  lastref_object_end(shown);
  free(shown);
}

tile *tile_new(int zoom) {
  tile *made = calloc(1, sizeof(tile));
  if (made == NULL) return NULL;
  made->zoom = zoom % kZooms;
  made->references = 1;
  lastref_object_begin(made);
  lastref_acquire(made, by_application(CALLER));
  return made;
}

void tile_up_ref(tile *shown) { acquire(shown, by_application(CALLER)); }

void tile_free(tile *shown) {
  if (shown != NULL) release(shown, by_application(CALLER));
}

int tile_zoom(const tile *shown) { return shown->zoom; }

atlas *atlas_new(void) { return calloc(1, sizeof(atlas)); }

void atlas_put(atlas *into, tile *kept) {
  tile **place = &into->of_zoom[kept->zoom];
  tile *before = *place;
  acquire(kept, by_atlas(into));
  *place = kept;
  if (before != NULL) release(before, by_atlas(into));
}

void atlas_free(atlas *gone) {
  for (int zoom = 0; zoom < kZooms; ++zoom) {
    if (gone->of_zoom[zoom] != NULL) release(gone->of_zoom[zoom], by_atlas(gone));
  }
  free(gone);
}

view *view_new(void) { return calloc(1, sizeof(view)); }

void view_set0(view *on, tile *shown) {
  tile *before = on->shown;
  if (shown != NULL) lastref_transfer(shown, by_application(CALLER), by_view(on));
  on->shown = shown;
  if (before != NULL) release(before, by_view(on));
}

tile *view_get0(const view *on) { return on->shown; }

void view_free(view *gone) {
  view_set0(gone, NULL);
  free(gone);
}
