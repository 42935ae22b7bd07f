/* Uses the tiles, by its argument: rightly, or with one of three mistakes. The ledger's report goes
 * to stderr when the program ends. */
#include <lastref/ownership.h>
#include <string.h>

#include "tile.h"

int main(int argc, char **argv) {
  const char *mistake = argc > 1 ? argv[1] : "none";
  lastref_ledger_print_at_exit();
  lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_STACK);

  tile *shown = tile_new(3);
  atlas *all = atlas_new();
  view *screen = view_new();
  if (shown == NULL || all == NULL || screen == NULL) return 1;
  atlas_put(all, shown);
  tile_up_ref(shown);
  view_set0(screen, shown); /* the reference of the line above is the view's now */

  if (strcmp(mistake, "tree") == 0) lastref_object_print(shown, stdout);
  if (strcmp(mistake, "set0") == 0) {
    tile_free(shown);
    tile_free(view_get0(screen)); /* a double free: the view's was taken */
    return 0;
  }
  view_free(screen);
  if (strcmp(mistake, "leak") != 0) tile_free(shown);
  atlas_free(all);
  return 0;
}
