# The CMake package: find_package(lastref) gives lastref::target_abi, and each library that its
# folder declared with INSTALL. Programs and adapters install themselves, see lastref.cmake.

include(CMakePackageConfigHelpers)

foreach(folder harness/program harness/target)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/include")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}/include/" TYPE INCLUDE)
  endif()
endforeach()
install(TARGETS lastref_target_abi EXPORT lastrefTargets)

set(lastref_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/lastref")
set(lastref_adapter_dir "${CMAKE_INSTALL_LIBDIR}/lastref")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/scripts/cmake/lastrefConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/lastrefConfig.cmake"
  INSTALL_DESTINATION "${lastref_package_dir}"
  PATH_VARS lastref_adapter_dir)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/lastrefConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/lastrefConfig.cmake"
              "${PROJECT_BINARY_DIR}/lastrefConfigVersion.cmake"
        DESTINATION "${lastref_package_dir}")
install(EXPORT lastrefTargets NAMESPACE lastref:: DESTINATION "${lastref_package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" TYPE DOC)

# The ledger for those who build without CMake: pkg-config --cflags --libs lastref-ownership. The
# prefix is known at install time only (cmake --install --prefix), so that the file is written then.
set(lastref_pkgconfig_in "${PROJECT_SOURCE_DIR}/scripts/cmake/lastref-ownership.pc.in")
set(lastref_pkgconfig "${PROJECT_BINARY_DIR}/lastref-ownership.pc")
list(TRANSFORM CMAKE_DL_LIBS PREPEND "-l" OUTPUT_VARIABLE lastref_dl)
list(JOIN lastref_dl " " lastref_dl)
install(
  CODE "
set(PROJECT_VERSION \"${PROJECT_VERSION}\")
set(LASTREF_DL \"${lastref_dl}\")
foreach(of IN ITEMS INCLUDEDIR=${CMAKE_INSTALL_INCLUDEDIR} LIBDIR=${CMAKE_INSTALL_LIBDIR})
  string(REGEX MATCH \"^[A-Z]+\" name \"\${of}\")
  string(REGEX REPLACE \"^[A-Z]+=\" \"\" directory \"\${of}\")
  cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\"
             OUTPUT_VARIABLE CMAKE_INSTALL_FULL_\${name})
endforeach()
configure_file(\"${lastref_pkgconfig_in}\" \"${lastref_pkgconfig}\" @ONLY)")
install(FILES "${lastref_pkgconfig}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
