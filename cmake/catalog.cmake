# The catalogue (folder catalog/) is compiled into the binary: see src/server/catalog_files.
