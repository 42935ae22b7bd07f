/* Map tiles: reference-counted images, an atlas that keeps one tile of each zoom, and views that
 * show one. A library of a hundred lines to which docs/ledger.md adds the ledger. */
#ifndef TILE_H_
#define TILE_H_

typedef struct tile tile;
typedef struct atlas atlas;
typedef struct view view;

/* A tile whose reference is the caller's; NULL without memory. */
tile *tile_new(int zoom);
void tile_up_ref(tile *shown);
/* NULL is allowed. The last reference frees the tile. */
void tile_free(tile *shown);
int tile_zoom(const tile *shown);

/* The atlas acquires a reference, and releases that to the tile that had the zoom before. */
atlas *atlas_new(void);
void atlas_put(atlas *into, tile *kept);
void atlas_free(atlas *gone);

/* The view takes over the caller's reference, and releases that to what it showed before. */
view *view_new(void);
void view_set0(view *on, tile *shown);
/* Borrowed: no reference. */
tile *view_get0(const view *on);
void view_free(view *gone);

#endif /* TILE_H_ */
