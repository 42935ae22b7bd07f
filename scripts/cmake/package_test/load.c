/* Loads the adapter named on the command line and asks it for an operation, as lastref would. */
#include <dlfcn.h>
#include <lastref/target_abi.h>
#include <stdio.h>
#include <string.h>

static int complain(const char *what) {
  fprintf(stderr, "load: %s\n", what);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 2) return complain("usage: load ADAPTER");
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return complain(dlerror());
  lastref_target_open_function *open;
  void *symbol = dlsym(library, "lastref_target_open");
  if (symbol == NULL) return complain(dlerror());
  memcpy(&open, &symbol, sizeof(open));

  const lastref_target *target = open(LASTREF_TARGET_ABI);
  if (target == NULL || strcmp(target->name, "sample") != 0) return complain("wrong target");
  if (open(LASTREF_TARGET_ABI + 1) != NULL) return complain("accepted an ABI it does not speak");

  lastref_call call = {.size = sizeof(call), .operation = LASTREF_OP_SESSION_NEW};
  lastref_result result = {.size = sizeof(result)};
  if (target->perform(&call, &result) != 0) return complain("perform failed");
  return result.unsupported == 1 ? 0 : complain("performed what it cannot do");
}
