# The folder catalog/ becomes a source file with every file's text, compiled into tocsin_catalog.
file(GLOB_RECURSE TOCSIN_CATALOG_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/catalog/*/*)
set(TOCSIN_CATALOG_SOURCE ${CMAKE_BINARY_DIR}/embedded_catalog.cpp)
add_custom_command(
  OUTPUT ${TOCSIN_CATALOG_SOURCE}
  COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR}/catalog -DOUT=${TOCSIN_CATALOG_SOURCE}
          -P ${CMAKE_SOURCE_DIR}/cmake/embed_catalog.cmake
  DEPENDS ${TOCSIN_CATALOG_FILES} ${CMAKE_SOURCE_DIR}/cmake/embed_catalog.cmake
  VERBATIM)
