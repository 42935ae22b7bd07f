// Setters and getters of sessions.
#include <cstring>

#include "lib/session/session.h"

namespace {

lr::ByteSpan span(const void* data, std::size_t length) {
  return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : length};
}

// For values of which an empty one is none.
lr::ByteSpan span_or_none(const void* data, std::size_t length) {
  return length == 0 ? lr::ByteSpan{} : span(data, length);
}

template <class Bytes>
const unsigned char* lend(const Bytes& bytes, unsigned* length) {
  if (length != nullptr) *length = static_cast<unsigned>(bytes.size());
  return bytes.data();
}

}  // namespace

int lr_SESSION_set1_id(LR_SESSION* session, const unsigned char* id, unsigned length) {
  return session->content.id.assign(span(id, length)) ? 1 : 0;
}

int lr_SESSION_set1_id_context(LR_SESSION* session, const unsigned char* context, unsigned length) {
  return session->content.id_context.assign(span(context, length)) ? 1 : 0;
}

const unsigned char* lr_SESSION_get_id(const LR_SESSION* session, unsigned* length) {
  return lend(session->content.id, length);
}

const unsigned char* lr_SESSION_get0_id_context(const LR_SESSION* session, unsigned* length) {
  return lend(session->content.id_context, length);
}

long lr_SESSION_set_time(LR_SESSION* session, long seconds) {
  if (session == nullptr) return 0;
  session->content.time = seconds;
  lr::expiry_changed(session);
  return 1;
}

long lr_SESSION_set_timeout(LR_SESSION* session, long seconds) {
  if (session == nullptr || seconds < 0) return 0;
  session->content.timeout = seconds;
  lr::expiry_changed(session);
  return 1;
}

long lr_SESSION_get_time(const LR_SESSION* session) {
  return session == nullptr ? 0 : static_cast<long>(session->content.time);
}

long lr_SESSION_get_timeout(const LR_SESSION* session) {
  return session == nullptr ? 0 : static_cast<long>(session->content.timeout);
}

int lr_SESSION_set1_hostname(LR_SESSION* session, const char* hostname) {
  const std::size_t length = hostname == nullptr ? 0 : std::strlen(hostname);
  return session->content.hostname.assign(span(hostname, length)) ? 1 : 0;
}

const char* lr_SESSION_get0_hostname(const LR_SESSION* session) {
  return reinterpret_cast<const char*>(session->content.hostname.data());
}

int lr_SESSION_set1_alpn_selected(LR_SESSION* session, const unsigned char* alpn, size_t length) {
  return session->content.alpn.assign(span_or_none(alpn, length)) ? 1 : 0;
}

void lr_SESSION_get0_alpn_selected(const LR_SESSION* session, const unsigned char** alpn,
                                   size_t* length) {
  *alpn = session->content.alpn.data();
  *length = session->content.alpn.size();
}

int lr_SESSION_set1_ticket(LR_SESSION* session, const unsigned char* ticket, size_t length) {
  return session->content.ticket.assign(span_or_none(ticket, length)) ? 1 : 0;
}

void lr_SESSION_get0_ticket(const LR_SESSION* session, const unsigned char** ticket,
                            size_t* length) {
  *length = session->content.ticket.size();
  if (ticket != nullptr) *ticket = session->content.ticket.data();
}

int lr_SESSION_has_ticket(const LR_SESSION* session) {
  return session->content.has_ticket() ? 1 : 0;
}

int lr_SESSION_set1_ticket_appdata(LR_SESSION* session, const void* data, size_t length) {
  return session->content.appdata.assign(span_or_none(data, length)) ? 1 : 0;
}

int lr_SESSION_get0_ticket_appdata(LR_SESSION* session, void** data, size_t* length) {
  *data = session->content.appdata.data();
  *length = session->content.appdata.size();
  return 1;
}

int lr_SESSION_set1_master_key(LR_SESSION* session, const unsigned char* key, size_t length) {
  return session->content.master_key.assign(span(key, length)) ? 1 : 0;
}

size_t lr_SESSION_get_master_key(const LR_SESSION* session, unsigned char* out, size_t size) {
  const lr::ByteSpan key = session->content.master_key.span();
  if (size == 0) return key.size();
  const std::size_t copied = std::min(size, key.size());
  std::copy_n(key.begin(), copied, out);
  return copied;
}

int lr_SESSION_set_protocol_version(LR_SESSION* session, int version) {
  session->content.version = version;
  return 1;
}

int lr_SESSION_get_protocol_version(const LR_SESSION* session) { return session->content.version; }

int lr_SESSION_is_resumable(const LR_SESSION* session) {
  return lr::is_resumable(*session) ? 1 : 0;
}

int lr_SESSION_set_ex_data(LR_SESSION* session, int index, void* value) {
  return session->ex_data.set(index, value) ? 1 : 0;
}

void* lr_SESSION_get_ex_data(const LR_SESSION* session, int index) {
  return session->ex_data.get(index);
}
