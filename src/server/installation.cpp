#include "server/installation.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "engine/edits.hpp"
#include "server/catalog_files.hpp"

namespace tocsin::server {
namespace {

constexpr std::string_view admin_name = "admin";

/// The first active admin, `admin` before all others.
std::optional<model::User> admin_in(const store::Reader& reader) {
  const auto may_stand = [](const model::User& user) { return user.active && user.role == model::Role::admin; };
  if (std::optional<model::User> user = reader.user_by_name(admin_name); user && may_stand(*user)) return user;
  constexpr std::int64_t page = 100;
  for (std::int64_t offset = 0;; offset += page) {
    const store::Page<model::User> users = reader.users({offset, page});
    for (const model::User& user : users.items) {
      if (may_stand(user)) return user;
    }
    if (offset + page >= users.total) return std::nullopt;
  }
}

base::Result<model::User> found_or_made_admin(store::Ledger& ledger, clock::Clock& clock,
                                              const base::RandomBytes& random) {
  if (std::optional<model::User> admin = store::read(ledger, admin_in)) return std::move(*admin);
  const base::Result<model::Organization> made = engine::Edits(ledger, clock, random).found(model::Actor{});
  if (!made) return made.error();
  std::optional<model::User> admin = store::read(ledger, admin_in);
  if (admin) return std::move(*admin);
  return base::Error{base::ErrorKind::conflict, "the ledger has no active admin"};
}

// Before the ledger, because the master key comes first.
base::Status make_folder(const Settings& settings) {
  std::error_code error;
  if (std::filesystem::create_directories(settings.data, error)) {
    std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all, error);
  }
  if (!error) return {};
  return base::Error{base::ErrorKind::unavailable,
                     fmt::format("the data folder {} can't be made: {}", settings.data, error.message())};
}

bool has_database(const Settings& settings) {
  std::error_code error;
  return std::filesystem::exists(settings.data + "/tocsin.db", error);
}

base::Result<seal::MasterKey> load_key(const Settings& settings, const Opening& opening, bool is_new) {
  const bool may_create = is_new && opening.open == store::LedgerOptions::Open::create;
  base::Result<seal::MasterKey> key = seal::MasterKey::load(
      settings.key_path(), may_create ? seal::MasterKey::Absent::create : seal::MasterKey::Absent::refuse);
  if (!key && key.error().kind == base::ErrorKind::not_found) {
    return base::Error{base::ErrorKind::not_found,
                       fmt::format("the data folder {} has a database, but its master key {} is missing: restore it "
                                   "from the backup, or name it with --master-key-file",
                                   settings.data, settings.key_path())};
  }
  return key;
}

// A key that can't open what was sealed is another ledger's: whatever it would seal from now on would be lost, too.
base::Status check_key(store::Ledger& ledger, const seal::MasterKey& key, const Settings& settings) {
  const store::Page<model::Integration> found = store::read(ledger, [](const store::Reader& reader) {
    return reader.integrations({}, {0, 1});
  });
  if (found.items.empty()) return {};
  if (engine::token_of(found.items.front(), seal::Sealer(key, engine::integration_token_purpose))) return {};
  return base::Error{base::ErrorKind::invalid,
                     fmt::format("the master key {} is not the one that the data folder {} was made with",
                                 settings.key_path(), settings.data)};
}

}  // namespace

base::Result<Installation> open_installation(const Settings& settings, const Opening& opening, clock::Clock& clock) {
  base::Result<catalog::Catalog> catalog = load_catalog(settings.catalog);
  if (!catalog) return std::move(catalog).error();

  const bool is_new = !has_database(settings);
  if (is_new && opening.open == store::LedgerOptions::Open::existing_only) {
    return base::Error{base::ErrorKind::not_found,
                       fmt::format("there is no data of tocsin in {}: name the folder with --data", settings.data)};
  }
  if (base::Status made = make_folder(settings); !made) return made.error();
  base::Result<seal::MasterKey> key = load_key(settings, opening, is_new);
  if (!key) return std::move(key).error();

  store::LedgerOptions options;
  options.directory = settings.data;
  options.role = opening.role;
  options.open = opening.open;
  base::Result<std::unique_ptr<store::Ledger>> ledger = store::Ledger::open(options);
  if (!ledger) return std::move(ledger).error();
  if (base::Status checked = check_key(**ledger, *key, settings); !checked) return checked.error();
  base::RandomBytes random = seal::system_random();
  base::Result<model::User> admin = found_or_made_admin(**ledger, clock, random);
  if (!admin) return std::move(admin).error();
  return Installation{std::move(*ledger), std::move(*key), std::move(*catalog), std::move(random), std::move(*admin)};
}

}  // namespace tocsin::server
