/* The manual's names for the reference session library: a C program that was written for
 * <openssl/ssl.h> and uses its sessions, caches and connections compiles against this instead.
 *
 * Put the directory above this one, <prefix>/include/lastref/compat, before the other include
 * directories, and link the reference. What is not here is not part of the reference: real
 * handshakes, methods, ciphers, certificates, BIOs.
 */
#ifndef LASTREF_COMPAT_OPENSSL_SSL_H_
#define LASTREF_COMPAT_OPENSSL_SSL_H_

#include "../../session.h"

typedef LR_SESSION SSL_SESSION;
typedef LR_CTX SSL_CTX;
typedef LR_SSL SSL;
typedef LR_EX_DATA CRYPTO_EX_DATA;
typedef lr_ex_new CRYPTO_EX_new;
typedef lr_ex_dup CRYPTO_EX_dup;
typedef lr_ex_free CRYPTO_EX_free;

/* There is one method, and nothing to know of it. */
typedef struct lr_method_st SSL_METHOD;
#define TLS_method() ((const SSL_METHOD *)0)
#define TLS_client_method() ((const SSL_METHOD *)0)
#define TLS_server_method() ((const SSL_METHOD *)0)
static inline SSL_CTX *SSL_CTX_new(const SSL_METHOD *method) {
  (void)method;
  return lr_CTX_new();
}

#define SSL_MAX_SSL_SESSION_ID_LENGTH LR_MAX_SESSION_ID_LENGTH
#define SSL_MAX_SID_CTX_LENGTH LR_MAX_SID_CTX_LENGTH
#define SSL_MAX_MASTER_KEY_LENGTH LR_MAX_MASTER_KEY_LENGTH
#define TLS1_2_VERSION LR_TLS1_2_VERSION
#define TLS1_3_VERSION LR_TLS1_3_VERSION
#define OPENSSL_free lr_free

/* SSL_SESSION_free(3) */
#define SSL_SESSION_new lr_SESSION_new
#define SSL_SESSION_dup lr_SESSION_dup
#define SSL_SESSION_up_ref lr_SESSION_up_ref
#define SSL_SESSION_free lr_SESSION_free
/* Fields */
#define SSL_SESSION_set1_id lr_SESSION_set1_id
#define SSL_SESSION_set1_id_context lr_SESSION_set1_id_context
#define SSL_SESSION_get_id lr_SESSION_get_id
#define SSL_SESSION_get0_id_context lr_SESSION_get0_id_context
#define SSL_SESSION_set_time lr_SESSION_set_time
#define SSL_SESSION_set_timeout lr_SESSION_set_timeout
#define SSL_SESSION_get_time lr_SESSION_get_time
#define SSL_SESSION_get_timeout lr_SESSION_get_timeout
#define SSL_SESSION_set1_hostname lr_SESSION_set1_hostname
#define SSL_SESSION_get0_hostname lr_SESSION_get0_hostname
#define SSL_SESSION_set1_alpn_selected lr_SESSION_set1_alpn_selected
#define SSL_SESSION_get0_alpn_selected lr_SESSION_get0_alpn_selected
#define SSL_SESSION_get0_ticket lr_SESSION_get0_ticket
#define SSL_SESSION_has_ticket lr_SESSION_has_ticket
#define SSL_SESSION_set1_ticket_appdata lr_SESSION_set1_ticket_appdata
#define SSL_SESSION_get0_ticket_appdata lr_SESSION_get0_ticket_appdata
#define SSL_SESSION_set1_master_key lr_SESSION_set1_master_key
#define SSL_SESSION_get_master_key lr_SESSION_get_master_key
#define SSL_SESSION_set_protocol_version lr_SESSION_set_protocol_version
#define SSL_SESSION_get_protocol_version lr_SESSION_get_protocol_version
#define SSL_SESSION_is_resumable lr_SESSION_is_resumable
#define SSL_SESSION_get_ex_new_index lr_SESSION_get_ex_new_index
#define SSL_SESSION_set_ex_data lr_SESSION_set_ex_data
#define SSL_SESSION_get_ex_data lr_SESSION_get_ex_data
#define i2d_SSL_SESSION lr_i2d_SESSION
#define d2i_SSL_SESSION lr_d2i_SESSION

/* Contexts */
#define SSL_CTX_up_ref lr_CTX_up_ref
#define SSL_CTX_free lr_CTX_free
#define SSL_SESS_CACHE_OFF LR_SESS_CACHE_OFF
#define SSL_SESS_CACHE_CLIENT LR_SESS_CACHE_CLIENT
#define SSL_SESS_CACHE_SERVER LR_SESS_CACHE_SERVER
#define SSL_SESS_CACHE_BOTH LR_SESS_CACHE_BOTH
#define SSL_SESS_CACHE_NO_AUTO_CLEAR LR_SESS_CACHE_NO_AUTO_CLEAR
#define SSL_SESS_CACHE_NO_INTERNAL_LOOKUP LR_SESS_CACHE_NO_INTERNAL_LOOKUP
#define SSL_SESS_CACHE_NO_INTERNAL_STORE LR_SESS_CACHE_NO_INTERNAL_STORE
#define SSL_SESS_CACHE_NO_INTERNAL LR_SESS_CACHE_NO_INTERNAL
#define SSL_SESS_CACHE_UPDATE_TIME LR_SESS_CACHE_UPDATE_TIME
#define SSL_OP_NO_TICKET LR_OP_NO_TICKET
#define SSL_CTX_set_session_cache_mode lr_CTX_set_session_cache_mode
#define SSL_CTX_get_session_cache_mode lr_CTX_get_session_cache_mode
#define SSL_CTX_sess_set_cache_size lr_CTX_sess_set_cache_size
#define SSL_CTX_sess_get_cache_size lr_CTX_sess_get_cache_size
#define SSL_CTX_set_timeout lr_CTX_set_timeout
#define SSL_CTX_get_timeout lr_CTX_get_timeout
#define SSL_CTX_set_options lr_CTX_set_options
#define SSL_CTX_clear_options lr_CTX_clear_options
#define SSL_CTX_set_session_id_context lr_CTX_set_session_id_context
#define SSL_CTX_add_session lr_CTX_add_session
#define SSL_CTX_remove_session lr_CTX_remove_session
#define SSL_CTX_flush_sessions lr_CTX_flush_sessions
#define SSL_CTX_sess_number lr_CTX_sess_number
#define SSL_CTX_sess_cache_full lr_CTX_sess_cache_full
#define SSL_CTX_sess_hits lr_CTX_sess_hits
#define SSL_CTX_sess_cb_hits lr_CTX_sess_cb_hits
#define SSL_CTX_sess_misses lr_CTX_sess_misses
#define SSL_CTX_sess_timeouts lr_CTX_sess_timeouts
#define SSL_CTX_sess_accept_good lr_CTX_sess_accept_good
#define SSL_CTX_sess_connect_good lr_CTX_sess_connect_good
#define SSL_CTX_sess_set_new_cb lr_CTX_sess_set_new_cb
#define SSL_CTX_sess_set_get_cb lr_CTX_sess_set_get_cb
#define SSL_CTX_sess_set_remove_cb lr_CTX_sess_set_remove_cb
#define SSL_CTX_sess_get_new_cb lr_CTX_sess_get_new_cb
#define SSL_CTX_set_tlsext_servername_callback lr_CTX_set_tlsext_servername_callback
#define SSL_CTX_set_tlsext_servername_arg lr_CTX_set_tlsext_servername_arg
#define SSL_TLSEXT_ERR_OK LR_TLSEXT_ERR_OK
#define SSL_TLSEXT_ERR_ALERT_WARNING LR_TLSEXT_ERR_ALERT_WARNING
#define SSL_TLSEXT_ERR_ALERT_FATAL LR_TLSEXT_ERR_ALERT_FATAL
#define SSL_TLSEXT_ERR_NOACK LR_TLSEXT_ERR_NOACK
#define SSL_CTX_sess_get_get_cb lr_CTX_sess_get_get_cb
#define SSL_CTX_sess_get_remove_cb lr_CTX_sess_get_remove_cb

/* Connections */
#define SSL_new lr_SSL_new
#define SSL_free lr_SSL_free
#define SSL_clear lr_SSL_clear
#define SSL_set_session lr_SSL_set_session
#define SSL_get0_session lr_SSL_get0_session
#define SSL_get_session lr_SSL_get_session
#define SSL_get1_session lr_SSL_get1_session
#define SSL_set_SSL_CTX lr_SSL_set_SSL_CTX
#define SSL_get_SSL_CTX lr_SSL_get_SSL_CTX
#define SSL_set_session_id_context lr_SSL_set_session_id_context
#define SSL_shutdown lr_SSL_shutdown
#define SSL_set_quiet_shutdown lr_SSL_set_quiet_shutdown
#define SSL_session_reused lr_SSL_session_reused
#define SSL_has_matching_session_id lr_SSL_has_matching_session_id
#define SSL_is_init_finished lr_SSL_is_init_finished

#endif /* LASTREF_COMPAT_OPENSSL_SSL_H_ */
