// d2i and i2d: d2i_SSL_SESSION(3), d2i_X509(3).
#include <utility>

#include "lib/session/encoding.h"
#include "lib/session/memory.h"
#include "lib/session/session.h"

int lr_i2d_SESSION(const LR_SESSION* session, unsigned char** out) {
  if (session == nullptr) return 0;
  const std::size_t size = lr::encoded_size(session->content);
  if (out == nullptr) return static_cast<int>(size);
  if (*out != nullptr) {
    *out = lr::encode(session->content, *out);
    return static_cast<int>(size);
  }
  auto* block = static_cast<unsigned char*>(lr::allocate(size));
  if (block == nullptr) return -1;
  lr::encode(session->content, block);
  *out = block;
  return static_cast<int>(size);
}

LR_SESSION* lr_d2i_SESSION(LR_SESSION** session, const unsigned char** in, long length) {
  LR_SESSION* reused = session == nullptr ? nullptr : *session;
  lr::Content content;
  const std::size_t size =
      length <= 0 ? 0 : lr::decode({*in, static_cast<std::size_t>(length)}, content);
  LR_SESSION* filled = size == 0 || reused != nullptr ? reused : lr::make_session();
  if (size == 0 || filled == nullptr) {
    if (reused != nullptr) {
      *session = nullptr;
      lr::release(reused, LR_APPLICATION);
    }
    return nullptr;
  }
  filled->content = std::move(content);
  if (reused == nullptr) {
    lr::bear(filled, LR_APPLICATION);
  } else {
    lr::expiry_changed(filled);
  }
  *in += size;
  if (session != nullptr) *session = filled;
  return filled;
}
