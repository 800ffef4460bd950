// The page that a browser shows for an integration's URL: plain, self-contained, without the secret in it.
#pragma once

#include <string>

#include "catalog/catalog.hpp"
#include "model/integration.hpp"

namespace tocsin::api {

/// HTML that says what the URL is for and how to send a test alert.
std::string ingest_page(const model::Integration& integration, const catalog::Type& type);

}  // namespace tocsin::api
