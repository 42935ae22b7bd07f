#include "harness/generate/rules/body_rules.h"

namespace lastref::rules {

bool is_setter(Op code) {
  switch (code) {
    case Op::SET_ID:
    case Op::SET_ID_CONTEXT:
    case Op::SET_TIME:
    case Op::SET_TIMEOUT:
    case Op::SET_HOSTNAME:
    case Op::SET_ALPN:
    case Op::SET_TICKET:
    case Op::SET_APPDATA:
    case Op::SET_MASTER_KEY:
    case Op::SET_EX_DATA:
    case Op::SET_VERSION:
      return true;
    default:
      return false;
  }
}

bool is_getter(Op code) {
  switch (code) {
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_TIME:
    case Op::GET_TIMEOUT:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
    case Op::GET_EX_DATA:
    case Op::GET_VERSION:
    case Op::IS_RESUMABLE:
    case Op::HAS_TICKET:
      return true;
    default:
      return false;
  }
}

bool knows_answer(const Contents& contents, Op getter) {
  switch (getter) {
    case Op::GET_TICKET:
    case Op::HAS_TICKET:
      return contents.has_ticket.has_value();
    case Op::GET_APPDATA:
      return contents.knows_appdata;
    case Op::GET_MASTER_KEY:
      return contents.knows_master_key;
    case Op::IS_RESUMABLE:
      return contents.knows_resumable();
    default:
      return true;
  }
}

bool allowed_in_body(const Contract& contract, Op code) {
  switch (code) {
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
    case Op::SESSION_DUP:
    case Op::DUP_REFUSED:
    case Op::SESSION_UP_REF:
    case Op::SESSION_KEEP:
    case Op::SESSION_FREE:
    case Op::SESSION_FORGET:
      return true;
    // SSL_CTX_sess_set_get_cb(3): "Inside these callback functions, session can be saved to disk or
    // put into a database using the d2i_SSL_SESSION(3) interface".
    case Op::I2D_LENGTH:
    case Op::I2D:
    case Op::I2D_ALLOCATE:
    case Op::D2I:
    case Op::D2I_FRESH:
    case Op::D2I_INTO:
      return true;
    case Op::IN_NEW:
    case Op::IN_GET:
    case Op::IN_SERVERNAME:
    case Op::BLOB_TRUNCATE:
    case Op::BLOB_CHANGE:
    case Op::BLOB_GIVE:
      return false;
    default:
      return is_setter(code) || is_getter(code) ||
             contract.is(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed);
  }
}

}  // namespace lastref::rules
