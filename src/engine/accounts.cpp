#include "engine/accounts.hpp"

#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "engine/others.hpp"
#include "seal/password.hpp"

namespace tocsin::engine {
namespace {

constexpr store::Slice everything{0, 100'000};
constexpr std::size_t longest_user_agent = 300;
/// How long a sign-in waits for others that are being worked on.
constexpr std::chrono::milliseconds hashing_patience{500};

base::Error refused() {
  return {base::ErrorKind::unauthenticated, "The name or password is wrong."};
}

base::Error no_such_link() {
  return {base::ErrorKind::not_found, "there is no such link"};
}

/// The user of that name, whatever its case when only one fits, and the hash to compare with.
struct Account {
  model::User user;
  std::string hash;
};

std::optional<Account> account_of(const store::Reader& reader, const std::string& username) {
  std::optional<model::User> user = reader.user_by_name(username);
  if (!user || !user->active) return std::nullopt;
  std::optional<model::Password> password = reader.password(user->id);
  if (!password) return std::nullopt;
  return Account{std::move(*user), std::move(password->hash)};
}

template <class T>
const T* record_in(const model::Unit& unit) {
  const T* found = nullptr;
  for (const model::Record& record : unit.records) {
    if (const T* each = std::get_if<T>(&record)) found = each;
  }
  return found;
}

/// Compared with where there is no account, so that its absence takes as long as a wrong password.
const std::string& nobodys_hash(const base::RandomBytes& random) {
  static const std::string hash = seal::hash_password("nobody's password", random);
  return hash;
}

}  // namespace

/// One of the few turns at hashing, given back at the end of scope.
class Accounts::Turn {
 public:
  explicit Turn(std::counting_semaphore<2>& turns) : turns_(turns), taken_(turns.try_acquire_for(hashing_patience)) {}
  ~Turn() {
    if (taken_) turns_.release();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool is_taken() const { return taken_; }
  static base::Error none() { return {base::ErrorKind::unavailable, "Too many people sign in: try again."}; }

 private:
  std::counting_semaphore<2>& turns_;
  const bool taken_;
};

Accounts::Accounts(store::Ledger& ledger, clock::Clock& clock, const base::RandomBytes& random,
                   const seal::MasterKey& key)
    : ledger_(ledger),
      clock_(clock),
      random_(random),
      session_digester_(key, "session"),
      link_digester_(key, "sign-in link"),
      csrf_digester_(key, "csrf token") {}

base::Result<std::string> Accounts::hash(std::string_view password) {
  const Turn turn(hashing_);
  if (!turn.is_taken()) return Turn::none();
  return seal::hash_password(password, random_);
}

base::Result<bool> Accounts::matches(std::string_view password, const std::string& hash) {
  const Turn turn(hashing_);
  if (!turn.is_taken()) return Turn::none();
  return seal::is_password(password, hash);
}

change::Edit Accounts::edit_by(const store::Reader& reader, const model::Actor& actor) const {
  const std::optional<model::Organization> organization = reader.organization();
  return {organization ? organization->id : model::OrganizationId(), actor, clock_.now()};
}

std::string Accounts::new_secret() const {
  std::string bytes(32, '\0');
  random_(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
  return base::to_hex(bytes);
}

model::Session Accounts::new_session(const model::UserId& user, const std::string& secret,
                                     const Visitor& visitor) const {
  model::Session session;
  session.id = base::new_id<model::SessionKind>(random_);
  session.user = user;
  session.digest = session_digester_.digest(secret);
  session.address = visitor.address;
  session.user_agent = base::utf8_prefix(base::repaired_utf8(visitor.user_agent), longest_user_agent);
  return session;
}

base::Result<SignedIn> Accounts::sign_in(const Credentials& credentials, const Visitor& visitor) {
  const auto account =
      store::read(ledger_, [&](const store::Reader& reader) { return account_of(reader, credentials.username); });
  const base::Result<bool> right = matches(credentials.password.substr(0, change::longest_password + 1),
                                           account ? account->hash : nobodys_hash(random_));
  if (!right) return right.error();
  if (!account || !*right) {
    base::log(base::LogLevel::warning, "a sign-in was refused",
              {{"address", visitor.address}, {"user", account ? account->user.id.text() : "unknown"}});
    return refused();
  }
  SignedIn signed_in{account->user, {}, new_secret()};
  const model::Session session = new_session(account->user.id, signed_in.secret, visitor);
  const model::Actor actor{model::Via::web, account->user.id, visitor.address};
  // The user may have been locked out, or got another password, while the old one was being compared.
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const auto now = account_of(reader, credentials.username);
    if (!now || now->hash != account->hash) return refused();
    return change::begin_session(session, reader.sessions(now->user.id, everything).items, edit_by(reader, actor));
  });
  if (!committed) return std::move(committed).error();
  signed_in.session = *record_in<model::Session>(committed->unit);
  return signed_in;
}

base::Result<std::string> Accounts::commit_link(const model::UserId& user,
                                                const std::optional<model::LinkPurpose>& purpose,
                                                const model::Actor& actor) {
  const std::string secret = new_secret();
  model::SignInLink link;
  link.digest = link_digester_.digest(secret);
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::User> found = reader.user(user);
    if (!found) return base::Error{base::ErrorKind::not_found, "there is no " + user.text()};
    const auto usual = reader.password(user) ? model::LinkPurpose::reset : model::LinkPurpose::invite;
    link.purpose = purpose.value_or(usual);
    return change::make_link(*found, link, edit_by(reader, actor));
  });
  if (!committed) return std::move(committed).error();
  return secret;
}

base::Result<std::string> Accounts::make_link(const model::UserId& user, const model::Actor& actor) {
  return commit_link(user, std::nullopt, actor);
}

base::Result<std::optional<std::string>> Accounts::make_first_link(const model::UserId& admin) {
  const bool stands =
      store::read(ledger_, [](const store::Reader& reader) { return reader.an_admin_has_a_password(); });
  if (stands) return std::optional<std::string>();
  base::Result<std::string> secret = commit_link(admin, model::LinkPurpose::first, model::Actor{});
  if (!secret) return std::move(secret).error();
  return std::optional(std::move(*secret));
}

std::optional<LinkHolder> Accounts::link(std::string_view secret) const {
  const std::string digest = link_digester_.digest(secret);
  return store::read(ledger_, [&](const store::Reader& reader) -> std::optional<LinkHolder> {
    std::optional<model::SignInLink> link = reader.link_by_digest(digest);
    if (!link || !access::is_live(*link, clock_.now())) return std::nullopt;
    std::optional<model::User> user = reader.user(link->user);
    if (!user || !user->active) return std::nullopt;
    return LinkHolder{std::move(*link), std::move(*user)};
  });
}

base::Result<SignedIn> Accounts::use_link(std::string_view secret, const change::UserChange& profile,
                                          const std::string& password, const Visitor& visitor) {
  const std::optional<LinkHolder> holder = link(secret);
  if (!holder) return no_such_link();
  const std::string& username = profile.username ? *profile.username : holder->user.username;
  if (base::Status checked = change::check_password(password, username, "password"); !checked) return checked.error();
  const base::Result<std::string> hashed = hash(password);
  if (!hashed) return hashed.error();

  SignedIn signed_in{{}, {}, new_secret()};
  const model::Session session = new_session(holder->user.id, signed_in.secret, visitor);
  const model::Actor actor{model::Via::web, holder->user.id, visitor.address};
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::SignInLink> still = reader.link_by_digest(holder->link.digest);
    const std::optional<model::User> user = reader.user(holder->user.id);
    if (!still || !user || !user->active) return no_such_link();
    const change::Edit edit = edit_by(reader, actor);
    const change::LinkUse use{*still, *user, reader.sessions(user->id, everything).items,
                              others_of(reader, user->id, profile)};
    base::Result<model::Unit> unit = change::use_link(use, profile, *hashed, edit);
    if (unit) model::merge(*unit, change::begin_session(session, {}, edit));
    return unit;
  });
  if (!committed) return std::move(committed).error();
  signed_in.user = *record_in<model::User>(committed->unit);
  signed_in.session = *record_in<model::Session>(committed->unit);
  return signed_in;
}

base::Status Accounts::change_password(const model::UserId& user, const PasswordChange& change,
                                       const model::SessionId& kept_session, const model::Actor& actor) {
  const auto [holder, known] = store::read(
      ledger_, [&](const store::Reader& reader) { return std::pair(reader.user(user), reader.password(user)); });
  if (!holder) return base::Error{base::ErrorKind::not_found, "there is no " + user.text()};
  const base::Result<bool> right =
      matches(change.current.substr(0, change::longest_password + 1), known ? known->hash : nobodys_hash(random_));
  if (!right) return right.error();
  if (!known || !*right) {
    return base::Error{base::ErrorKind::invalid, "This is not the password.", "current_password", {}};
  }
  if (base::Status checked = change::check_password(change.next, holder->username, "password"); !checked) {
    return checked;
  }
  const base::Result<std::string> hashed = hash(change.next);
  if (!hashed) return hashed.error();
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    std::vector<model::Session> ended = reader.sessions(user, everything).items;
    std::erase_if(ended, [&](const model::Session& each) { return each.id == kept_session; });
    const change::Edit edit = edit_by(reader, actor);
    return change::set_password({user, edit.organization, *hashed, edit.now}, ended, edit);
  });
  if (!committed) return std::move(committed).error();
  return {};
}

std::optional<SessionHolder> Accounts::session(std::string_view secret) const {
  // The look-up goes by a keyed hash: how long it takes tells nothing of the secret.
  const std::string digest = session_digester_.digest(secret);
  return store::read(ledger_, [&](const store::Reader& reader) -> std::optional<SessionHolder> {
    std::optional<model::Session> session = reader.session_by_digest(digest);
    if (!session || !access::is_live(*session, clock_.now())) return std::nullopt;
    std::optional<model::User> user = reader.user(session->user);
    if (!user) return std::nullopt;
    return SessionHolder{std::move(*session), std::move(*user)};
  });
}

std::string Accounts::csrf_token(std::string_view secret) const {
  return csrf_digester_.digest(secret);
}

base::Status Accounts::end_session(const model::SessionId& id, const model::Actor& actor) {
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Session> session = reader.session(id);
    if (!session) return base::Error{base::ErrorKind::not_found, "there is no session " + id.text()};
    return change::end_session(*session, edit_by(reader, actor));
  });
  if (!committed) return std::move(committed).error();
  return {};
}

void Accounts::note_seen(const model::SessionId& id) {
  const clock::Instant now = clock_.now();
  // A full queue has better things to do; the next request notes it.
  (void)ledger_.submit(
      [id, now](const store::Reader& reader) -> base::Result<model::Unit> {
        model::Unit unit;
        if (std::optional<model::Session> session = reader.session(id)) {
          session->last_seen_at = now;
          unit.records.emplace_back(std::move(*session));
        }
        return unit;
      },
      [](const base::Result<store::Committed>& committed) {
        if (!committed) {
          base::log(base::LogLevel::warning, "a session's use was not noted", {{"reason", committed.error().message}});
        }
      });
}

}  // namespace tocsin::engine
