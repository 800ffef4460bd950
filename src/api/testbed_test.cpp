#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "catalog/embedded.hpp"

namespace tocsin::api::testbed {
namespace {

std::string new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-api-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

std::unique_ptr<store::Ledger> open_ledger(const std::string& folder) {
  store::LedgerOptions options;
  options.directory = folder;
  auto ledger = store::Ledger::open(options);
  REQUIRE(ledger.ok());
  return std::move(*ledger);
}

catalog::Catalog load_catalog() {
  const std::vector<catalog::File> files = catalog::embedded_files();
  auto loaded = catalog::Catalog::load(files);
  REQUIRE(loaded.ok());
  return std::move(*loaded);
}

const value::Value* step(const value::Value& from, std::string_view name) {
  if (!from.is_list()) return from.find(name);
  std::uint32_t index = 0;
  std::from_chars(name.data(), name.data() + name.size(), index);
  return index < from.as_list()->size ? &from.as_list()->items[index] : nullptr;
}

std::string with_sorted_keys(value::Value root) {
  std::string text;
  REQUIRE(value::write_json(text, root, {.sort_keys = true}).ok());
  return text;
}

std::string_view name_of(As as) {
  constexpr std::string_view names[] = {"admin", "editor", "viewer", "none", "inactive", "nobody"};
  return names[static_cast<int>(as)];
}

}  // namespace

Answer::Answer(wire::Response response) : response_(std::move(response)) {
  base::Result<value::Document> read = value::read_json(response_.body);
  if (read) document_ = std::make_shared<const value::Document>(std::move(*read));
}

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, text] : response_.headers) {
    if (key == name) return text;
  }
  return {};
}

std::string Answer::json() const {
  return document_ ? with_sorted_keys(document_->root()) : std::string();
}

std::string Answer::at(std::string_view path) const {
  if (!document_) return "(no JSON)";
  const value::Value root = document_->root();
  const value::Value* found = &root;
  while (found != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    found = step(*found, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  if (found == nullptr) return "(absent)";
  return found->is_string() ? std::string(found->as_text()) : value::to_json(*found);
}

std::string sorted(std::string_view json) {
  const base::Result<value::Document> read = value::read_json(json);
  REQUIRE_MESSAGE(read.ok(), (read ? std::string() : read.error().message));
  return with_sorted_keys(read->root());
}

ApiOptions Bed::default_options() {
  ApiOptions options;
  options.public_url = "https://tocsin.example.org/oncall";
  options.path_prefix = "/oncall";
  options.version = "test";
  options.ingest_rate = {200, 10'000};
  options.api_rate = {1000, 100'000};
  return options;
}

Bed::Bed(ApiOptions options)
    : folder_(new_folder()),
      clock_(*clock::from_iso8601(start)),
      catalog_(load_catalog()),
      key_(seal::MasterKey::from_bytes(std::string(32, 'k'))),
      ledger_(open_ledger(folder_)),
      options_(std::move(options)),
      engine_(std::make_unique<engine::Engine>(*ledger_, clock_, catalog_, key_, engine::EngineOptions{})),
      api_(std::make_unique<PublicApi>(*engine_, options_)) {
  found();
}

Bed::~Bed() {
  engine_->close();
  ledger_->close();
  api_.reset();
  engine_.reset();
  ledger_.reset();
  std::filesystem::remove_all(folder_);
}

void Bed::found() {
  model::Unit unit;
  unit.records.emplace_back(model::Organization{organization, "Acme", clock_.now()});
  for (const As as : {As::admin, As::editor, As::viewer, As::none, As::inactive}) {
    model::User user;
    user.id = user_of(as);
    user.organization = organization;
    user.username = name_of(as);
    user.email = user.username + "@example.org";
    user.role = as == As::inactive ? model::Role::admin : static_cast<model::Role>(as);
    user.active = as != As::inactive;
    user.created_at = clock_.now();
    model::ApiToken token;
    token.id = model::ApiTokenId("KAAAAAAAAAAA" + std::to_string(1 + static_cast<int>(as)));
    token.organization = organization;
    token.user = user.id;
    token.name = "test";
    token.lookup = token_of(as).substr(0, 8);
    token.digest = *seal::api_token_digest(token_of(as));
    token.created_at = clock_.now();
    unit.records.emplace_back(std::move(user));
    unit.records.emplace_back(std::move(token));
  }
  model::Integration made;
  made.id = integration;
  made.organization = organization;
  made.type = "webhook";
  made.name = "Payments";
  made.token_digest = engine_->token_digester().digest("payments");
  made.token_sealed = engine_->token_sealer().seal("payments", integration.text());
  made.created_at = clock_.now();
  model::Route standard;
  standard.id = route;
  standard.organization = organization;
  standard.integration = integration;
  standard.is_default = true;
  standard.created_at = clock_.now();
  unit.records.emplace_back(std::move(made));
  unit.records.emplace_back(std::move(standard));
  commit(std::move(unit));
}

std::string Bed::token_of(As as) {
  return std::string(63, 'a') + std::to_string(1 + static_cast<int>(as));
}

model::UserId Bed::user_of(As as) {
  return model::UserId("UAAAAAAAAAAA" + std::to_string(1 + static_cast<int>(as)));
}

Answer Bed::ask(std::string_view method, std::string_view target, std::string_view body, As as) {
  Headers headers;
  if (!body.empty()) headers.emplace_back("content-type", "application/json");
  if (as != As::nobody) headers.emplace_back("authorization", token_of(as));
  return ask_with(method, target, body, headers);
}

Answer Bed::ask_with(std::string_view method, std::string_view target, std::string_view body, const Headers& headers) {
  wire::Request request;
  request.method = method;
  request.target = "/api/v1/" + std::string(target);
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, question);
  request.query = request.target.substr(std::min(question + 1, request.target.size()));
  request.headers = headers;
  request.body = body;
  request.peer = "192.0.2.7";
  return Answer(api_->answer(request, bench_).response);
}

Headers Bed::session_of(As as) {
  const auto secret = engine_->accounts().make_link(user_of(as), model::Actor{});
  REQUIRE(secret.ok());
  const auto signed_in = engine_->accounts().use_link(*secret, {}, "a good password", {"192.0.2.7", "test"});
  REQUIRE(signed_in.ok());
  return {{"cookie", "other=1; tocsin_session=" + signed_in->secret},
          {"x-csrf-token", engine_->accounts().csrf_token(signed_in->secret)}};
}

Answer Bed::ask_in(const Headers& session, std::string_view method, std::string_view target, std::string_view body) {
  Headers headers = session;
  if (!body.empty()) headers.emplace_back("content-type", "application/json");
  return ask_with(method, target, body, headers);
}

void Bed::commit(model::Unit unit) {
  const auto committed = ledger_->commit([&](const store::Reader&) -> base::Result<model::Unit> { return unit; });
  REQUIRE_MESSAGE(committed.ok(), (committed ? std::string() : committed.error().message));
}

void Bed::put(model::AlertGroup group) {
  model::Unit unit;
  if (group.row == 0) {
    model::Alert alert;
    alert.id = model::AlertId(alert_id_of(group.id.text()));
    alert.organization = organization;
    alert.group = group.id;
    alert.payload = R"({"evalMatches":[{"tags":null,"value":100}],"state":"alerting"})";
    alert.trace = R"({"steps":[],"routes":[]})";
    alert.received_at = group.started_at;
    unit.alerts.push_back(std::move(alert));
  }
  unit.groups.push_back(std::move(group));
  commit(std::move(unit));
}

model::AlertGroup Bed::group(const std::string& id) {
  const auto found = store::read(*ledger_, [&](const store::Reader& r) { return r.group(model::AlertGroupId(id)); });
  REQUIRE(found.has_value());
  return *found;
}

std::vector<model::TimelineEntry> Bed::timeline(const std::string& id) {
  return store::read(*ledger_, [&](const store::Reader& r) { return r.timeline(model::AlertGroupId(id)); });
}

model::AlertGroup firing(const std::string& id) {
  model::AlertGroup group;
  group.id = model::AlertGroupId(id);
  group.organization = organization;
  group.integration = integration;
  group.route = route;
  group.title = "Title of " + id;
  group.grouping_key = "key of " + id;
  group.distinction = "digest of " + id;
  group.alerts_count = 1;
  group.started_at = *clock::from_iso8601(Bed::start);
  group.last_alert_at = group.started_at;
  return group;
}

model::AlertGroup acknowledged(const std::string& id) {
  model::AlertGroup group = firing(id);
  group.acknowledged_at = group.started_at;
  group.acknowledged_by = model::ChangedBy::user;
  group.acknowledged_by_user = Bed::user_of(As::editor);
  return group;
}

model::AlertGroup resolved(const std::string& id) {
  model::AlertGroup group = firing(id);
  group.resolved_at = group.started_at;
  group.resolved_by = model::ChangedBy::user;
  group.resolved_by_user = Bed::user_of(As::editor);
  group.open_for_grouping = false;
  return group;
}

model::AlertGroup silenced(const std::string& id) {
  model::AlertGroup group = firing(id);
  group.silenced_at = group.started_at;
  group.silenced_by_user = Bed::user_of(As::editor);
  return group;
}

std::string alert_id_of(const std::string& group_id) {
  return "A" + group_id.substr(1);
}

}  // namespace tocsin::api::testbed
