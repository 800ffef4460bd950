#include "server/catalog_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catalog/embedded.hpp"

namespace tocsin::server {
namespace {

namespace fs = std::filesystem;

/// Files of types: `TYPE/manifest.json`, `TYPE/templates/web.title.j2`. What is hidden or lies beside is left alone.
bool is_of_a_type(const fs::path& relative) {
  const bool is_hidden = std::any_of(relative.begin(), relative.end(),
                                     [](const fs::path& part) { return part.native().starts_with('.'); });
  return !is_hidden && std::distance(relative.begin(), relative.end()) >= 2;
}

base::Result<std::vector<catalog::File>> files_of(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return base::Error{base::ErrorKind::not_found, "there is no catalogue folder " + folder, folder};
  }
  std::vector<catalog::File> files;
  for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    const fs::path relative = each->path().lexically_relative(folder);
    if (!each->is_regular_file(error) || !is_of_a_type(relative)) continue;
    std::ifstream file(each->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) {
      return base::Error{base::ErrorKind::unavailable,
                         each->path().string() + " can't be read: " + std::strerror(errno)};
    }
    files.push_back({relative.generic_string(), std::move(text)});
  }
  if (error) return base::Error{base::ErrorKind::unavailable, folder + " can't be read: " + error.message(), folder};
  return files;
}

}  // namespace

base::Result<catalog::Catalog> load_catalog(const std::string& folder) {
  std::vector<catalog::File> files = catalog::embedded_files();
  if (!folder.empty()) {
    base::Result<std::vector<catalog::File>> more = files_of(folder);
    if (!more) return std::move(more).error();
    std::move(more->begin(), more->end(), std::back_inserter(files));
  }
  return catalog::Catalog::load(files);
}

}  // namespace tocsin::server
