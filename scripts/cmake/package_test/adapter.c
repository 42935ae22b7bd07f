/* The smallest adapter: it speaks the ABI and can do nothing. */
#include <lastref/target_abi.h>

static int perform(const lastref_call *call, lastref_result *result) {
  (void)call;
  result->unsupported = 1;
  return 0;
}

static const lastref_target target = {
    .size = sizeof(target), .abi = LASTREF_TARGET_ABI, .name = "sample", .perform = perform};

const lastref_target *lastref_target_open(uint32_t abi) {
  return abi == LASTREF_TARGET_ABI ? &target : NULL;
}
