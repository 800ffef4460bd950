// The catalogue that the binary brings: the files of the folder catalog/, compiled in.
#pragma once

#include <vector>

#include "catalog/catalog.hpp"

namespace tocsin::catalog {

std::vector<File> embedded_files();

}  // namespace tocsin::catalog
