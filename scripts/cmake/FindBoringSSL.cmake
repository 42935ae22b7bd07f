# BoringSSL as Debian's android-libboringssl-dev has it: in a directory "android" of its own, for its
# libraries bear the names of OpenSSL's. Another build of it: set BoringSSL_INCLUDE_DIR,
# BoringSSL_SSL_LIBRARY and BoringSSL_CRYPTO_LIBRARY.
#
# Sets BoringSSL_FOUND and BoringSSL_LIBRARY_DIR, and makes BoringSSL::SSL and BoringSSL::Crypto.

include(FindPackageHandleStandardArgs)

# is_boringssl.h is what OpenSSL has not.
find_path(BoringSSL_INCLUDE_DIR openssl/is_boringssl.h PATH_SUFFIXES android)
foreach(library IN ITEMS ssl crypto)
  string(TOUPPER ${library} name)
  # No other directory: there a library of this name is OpenSSL's.
  find_library(
    BoringSSL_${name}_LIBRARY ${library}
    PATHS "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/android" /usr/lib/android
    NO_DEFAULT_PATH)
  mark_as_advanced(BoringSSL_${name}_LIBRARY)
endforeach()
mark_as_advanced(BoringSSL_INCLUDE_DIR)

find_package_handle_standard_args(
  BoringSSL REQUIRED_VARS BoringSSL_SSL_LIBRARY BoringSSL_CRYPTO_LIBRARY BoringSSL_INCLUDE_DIR)

if(BoringSSL_FOUND AND NOT TARGET BoringSSL::SSL)
  get_filename_component(BoringSSL_LIBRARY_DIR "${BoringSSL_SSL_LIBRARY}" DIRECTORY)
  add_library(BoringSSL::Crypto UNKNOWN IMPORTED)
  set_target_properties(
    BoringSSL::Crypto PROPERTIES IMPORTED_LOCATION "${BoringSSL_CRYPTO_LIBRARY}"
                                 INTERFACE_INCLUDE_DIRECTORIES "${BoringSSL_INCLUDE_DIR}")
  add_library(BoringSSL::SSL UNKNOWN IMPORTED)
  set_target_properties(
    BoringSSL::SSL PROPERTIES IMPORTED_LOCATION "${BoringSSL_SSL_LIBRARY}"
                              INTERFACE_LINK_LIBRARIES BoringSSL::Crypto)
endif()
