#include "lib/session/content.h"

#include <cstring>

namespace lr {

Content::~Content() {
  // The key must not stay behind in memory that is given out again.
  if (master_key.size() != 0) explicit_bzero(&master_key, sizeof master_key);
}

bool Content::copy(const Content& source) {
  Content copied;
  if (!copied.hostname.assign(source.hostname.span()) || !copied.alpn.assign(source.alpn.span()) ||
      !copied.ticket.assign(source.ticket.span()) ||
      !copied.appdata.assign(source.appdata.span())) {
    return false;
  }
  copied.id = source.id;
  copied.id_context = source.id_context;
  copied.master_key = source.master_key;
  copied.version = source.version;
  copied.time = source.time;
  copied.timeout = source.timeout;
  *this = std::move(copied);
  return true;
}

}  // namespace lr
