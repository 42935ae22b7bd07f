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
