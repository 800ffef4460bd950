# The pages of web/ become a source file with every file of their build, compiled into tocsin_api. They are built in a
# copy below the build folder, so that a checkout stays clean and builds don't meet.
# Off until the API has sessions: nobody could sign in, and a page that only fails is worse than none.
option(TOCSIN_WEB "Build the web pages into the binary (needs Node 18 and npm)" OFF)
set(TOCSIN_WEB_SOURCE ${CMAKE_BINARY_DIR}/embedded_web.cpp)

if(TOCSIN_WEB)
  find_program(NPM_PROGRAM npm)
  if(NOT NPM_PROGRAM)
    message(FATAL_ERROR "npm is not installed: run script/bootstrap, or build without web pages by -DTOCSIN_WEB=OFF")
  endif()
  file(GLOB_RECURSE TOCSIN_WEB_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/* ${CMAKE_SOURCE_DIR}/web/public/*
       ${CMAKE_SOURCE_DIR}/web/tools/*)
  foreach(file .npmrc index.html package.json package-lock.json tsconfig.json vite.config.ts)
    list(APPEND TOCSIN_WEB_FILES ${CMAKE_SOURCE_DIR}/web/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${TOCSIN_WEB_SOURCE}
    COMMAND ${CMAKE_COMMAND} -DFROM=${CMAKE_SOURCE_DIR}/web -DFOLDER=${CMAKE_BINARY_DIR}/web -DOUT=${TOCSIN_WEB_SOURCE}
            -DNPM=${NPM_PROGRAM} -P ${CMAKE_SOURCE_DIR}/cmake/build_web.cmake
    DEPENDS ${TOCSIN_WEB_FILES} ${CMAKE_SOURCE_DIR}/cmake/build_web.cmake
    VERBATIM)
else()
  file(CONFIGURE OUTPUT ${TOCSIN_WEB_SOURCE} CONTENT
"#include \"api/web_files.hpp\"

std::span<const tocsin::api::WebFile> tocsin::api::embedded_web_files() {
  return {};
}
")
endif()
