#include "jinja/check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "jinja/failure.hpp"
#include "jinja/hints.hpp"
#include "jinja/parser.hpp"
#include "jinja/token.hpp"
#include "jinja/walk.hpp"

namespace tocsin::jinja {
namespace {

/// What is known of an expression: the values that it may have in the sample, and how it is written.
struct Known {
  std::vector<Value> values;  ///< none: not known
  std::string path;           ///< `payload.labels`; empty: it has no such name
};

struct Missing {
  std::string path;
  std::string_view name;
  std::uint32_t at;
  std::vector<std::string_view> instead;
};

/// Does the place only ask whether there is such a thing?
enum class Asked { no, yes };

/// Goes through the statements and expressions of a template and gathers what `check` tells.
class Reader {
 public:
  explicit Reader(const std::vector<Variable>& sample) {
    for (const Variable& each : sample) bound_[std::string(each.name)] = {{each.value}, std::string(each.name)};
  }

  void read(Body body) {
    for (Stmt* stmt : body) read(*stmt);
  }

  std::map<std::string_view, std::uint32_t> read_names;  ///< and where first
  std::map<std::string_view, std::uint32_t> set_names;
  std::vector<Missing> missing;
  std::set<std::string> asked;  ///< paths that a template asks for before it uses them

 private:
  void store(Expr* target, Known known = {}) {
    if (target == nullptr) return;
    if (target->kind == ExprKind::tuple || target->kind == ExprKind::list) {
      for (Expr* each : static_cast<Items&>(*target).items) store(each);
    } else if (target->kind == ExprKind::name) {
      bound_[std::string(static_cast<Name&>(*target).name)] = std::move(known);
    }
  }

  /// The target of a `set`: nothing reads it, perhaps.
  void set(Expr* target, Known known) {
    if (target->kind == ExprKind::name) set_names.emplace(static_cast<Name&>(*target).name, target->at);
    store(target, std::move(known));
  }

  Known look(Expr* node, Asked how = Asked::no) {
    if (node == nullptr) return {};
    switch (node->kind) {
      case ExprKind::name: return name(static_cast<Name&>(*node));
      case ExprKind::member: {
        const auto& member = static_cast<Member&>(*node);
        read_names.emplace(member.name, node->at);
        return {};
      }
      case ExprKind::attribute: {
        auto& attribute = static_cast<AttributeExpr&>(*node);
        const Known of = look(attribute.node);
        return member(of, attribute.name, "." + std::string(attribute.name.as_text()), node->at, how,
                      attribute.method != 0);
      }
      case ExprKind::item: return item(static_cast<ItemExpr&>(*node), how);
      case ExprKind::either:
      case ExprKind::both: {
        auto& binary = static_cast<BinaryExpr&>(*node);
        look(binary.left, Asked::yes);
        look(binary.right, how);
        return {};
      }
      case ExprKind::negate: look(static_cast<UnaryExpr&>(*node).node, Asked::yes); return {};
      case ExprKind::condition: {
        auto& condition = static_cast<ConditionExpr&>(*node);
        look(condition.test, Asked::yes);
        look(condition.then, how);
        look(condition.otherwise, how);
        return {};
      }
      case ExprKind::filter:
      case ExprKind::test: return filtered(static_cast<FilterExpr&>(*node));
      default: each_child(*node, [&](Expr*& child) { look(child); }); return {};
    }
  }

  Known name(const Name& node) {
    if (node.use != NameUse::load) return {};
    read_names.emplace(node.name, node.at);
    const auto found = bound_.find(std::string(node.name));
    return found == bound_.end() ? Known{} : found->second;
  }

  Known filtered(FilterExpr& node) {
    const bool asks = node.kind == ExprKind::test
                          ? node.name == "defined" || node.name == "undefined" || node.name == "none"
                          : node.name == "default" || node.name == "d";
    const Known subject = look(node.node, asks ? Asked::yes : Asked::no);
    each_argument(node.arguments, [&](Expr*& argument) { look(argument); });
    static const std::set<std::string_view> same_items = {"list", "sort", "reverse", "unique"};
    return node.kind == ExprKind::filter && same_items.contains(node.name) ? subject : Known{};
  }

  Known item(ItemExpr& node, Asked how) {
    const Known of = look(node.node);
    if (node.index->kind != ExprKind::constant) {
      look(node.index);
      return {};
    }
    const Value key = static_cast<Constant&>(*node.index).value;
    if (key.is_string()) {
      return member(of, key, "[\"" + std::string(key.as_text()) + "\"]", node.at, how, false);
    }
    Known known;
    if (!key.is(value::Kind::integer)) return known;
    for (const Value each : of.values) {
      Value found;
      if (each.is_list() && value_at(each, key.as_integer(), found)) known.values.push_back(found);
    }
    known.path = of.path + "[" + std::to_string(key.as_integer()) + "]";
    return known;
  }

  static bool value_at(Value list, std::int64_t index, Value& out) {
    const value::List& items = *list.as_list();
    if (index < 0) index += items.size;
    if (index < 0 || index >= items.size) return false;
    out = items.items[index];
    return true;
  }

  Known member(const Known& of, Value key, const std::string& written, std::uint32_t at, Asked how, bool is_method) {
    Known known;
    if (of.path.empty()) return known;
    known.path = of.path + written;
    if (how == Asked::yes) asked.insert(known.path);
    std::vector<std::string_view> instead;
    bool all_dicts = !of.values.empty();
    for (const Value each : of.values) {
      // An empty dict is a sample of nothing.
      if (!each.is_dict() || each.as_dict()->size == 0) {
        all_dicts = false;
        continue;
      }
      if (const Value* found = each.find(key.as_text())) known.values.push_back(*found);
      for (const value::Entry& entry : *each.as_dict()) {
        if (entry.key.is_string()) instead.push_back(entry.key.as_text());
      }
    }
    if (known.values.empty() && all_dicts && !is_method && how == Asked::no) {
      missing.push_back({known.path, key.as_text(), at, std::move(instead)});
    }
    return known;
  }

  /// What a loop's variable may be.
  static Known items_of(const Known& list) {
    Known known;
    if (list.path.empty()) return known;
    known.path = list.path + "[]";
    for (const Value each : list.values) {
      if (each.is_list()) known.values.insert(known.values.end(), each.as_list()->begin(), each.as_list()->end());
    }
    return known;
  }

  void read_macro(MacroCode& code) {
    for (Expr* each : code.defaults) look(each);
    for (Name* each : code.parameters) store(each);
    read(code.body);
  }

  void read_for(ForStmt& loop) {
    const Known list = look(loop.iterable, Asked::no);
    store(loop.target, items_of(list));
    if (loop.test != nullptr) look(loop.test, Asked::yes);
    read(loop.body);
    read(loop.otherwise);
  }

  void read_if(IfStmt& branch) {
    look(branch.test, Asked::yes);
    read(branch.body);
    for (IfStmt* each : branch.elifs) read_if(*each);
    read(branch.otherwise);
  }

  void read(Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::text: return;
      case StmtKind::print: look(static_cast<PrintStmt&>(stmt).node); return;
      case StmtKind::for_: return read_for(static_cast<ForStmt&>(stmt));
      case StmtKind::if_: return read_if(static_cast<IfStmt&>(stmt));
      case StmtKind::set: {
        auto& set_stmt = static_cast<SetStmt&>(stmt);
        Known known = look(set_stmt.node);
        if (set_stmt.target->kind == ExprKind::member) look(set_stmt.target);
        return set(set_stmt.target, std::move(known));
      }
      case StmtKind::set_block: {
        auto& block = static_cast<SetBlockStmt&>(stmt);
        if (block.filter != nullptr) look(block.filter);
        read(block.body);
        return set(block.target, {});
      }
      case StmtKind::macro: {
        MacroCode& code = *static_cast<MacroStmt&>(stmt).code;
        set_names.emplace(code.name.as_text(), stmt.at);
        return read_macro(code);
      }
      case StmtKind::call_block:
        look(static_cast<CallBlockStmt&>(stmt).call);
        return read_macro(*static_cast<CallBlockStmt&>(stmt).code);
      case StmtKind::filter_block:
        look(static_cast<FilterBlockStmt&>(stmt).filter);
        return read(static_cast<FilterBlockStmt&>(stmt).body);
      case StmtKind::with: {
        auto& with = static_cast<WithStmt&>(stmt);
        for (std::size_t i = 0; i < with.targets.size; ++i) set(with.targets[i], look(with.values[i]));
        return read(with.body);
      }
      case StmtKind::block: return read(static_cast<BlockStmt&>(stmt).body);
      case StmtKind::autoescape: return read(static_cast<AutoescapeStmt&>(stmt).body);
      case StmtKind::include:
      case StmtKind::import:
      case StmtKind::from_import:
      case StmtKind::extends: return;
    }
  }

  std::map<std::string, Known> bound_;
};

void tell(std::vector<Finding>& findings, Finding::What what, std::string_view source, std::uint32_t at,
          std::string message, std::string hint) {
  Finding finding{what, {ErrorKind::undefined, std::move(message), 0, 0, std::move(hint)}};
  set_place(finding.error, source, at);
  findings.push_back(std::move(finding));
}

std::string quoted(std::string_view name) {
  return "`" + std::string(name) + "`";
}

void tell_names(std::vector<Finding>& findings, const Reader& reader, const Template& compiled,
                const Surroundings& surroundings) {
  const std::string& source = compiled.program().source;
  for (const std::string& name : compiled.undeclared_names()) {
    const auto& known = surroundings.variables;
    if (known.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto read = reader.read_names.find(name);
    std::string hint = did_you_mean(nearest(name, known));
    if (hint.empty()) hint = hint_for(ErrorKind::undefined, "'" + name + "' is undefined");
    tell(findings, Finding::What::unknown, source, read == reader.read_names.end() ? 0 : read->second,
         "templates do not get a variable " + quoted(name), std::move(hint));
  }
  for (const auto& [name, at] : reader.set_names) {
    if (name.starts_with('_') || reader.read_names.contains(name)) continue;
    std::vector<std::string_view> read;
    read.reserve(reader.read_names.size());
    for (const auto& [each, place] : reader.read_names) read.push_back(each);
    tell(findings, Finding::What::unused, source, at, quoted(name) + " is set and nothing reads it",
         did_you_mean(nearest(name, read)));
  }
}

void tell_missing(std::vector<Finding>& findings, const Reader& reader, std::string_view source) {
  std::set<std::string> told;
  for (const Missing& each : reader.missing) {
    if (reader.asked.contains(each.path) || !told.insert(each.path).second) continue;
    tell(findings, Finding::What::misspelt, source, each.at, "the sample has no " + quoted(each.path),
         hint_for_member(each.name, each.instead));
  }
}

/// Tries the template over the sample. What a misspelt member already tells is not told twice.
void tell_failure(std::vector<Finding>& findings, const Template& compiled, const Surroundings& surroundings,
                  const Budget& budget) {
  Renderer renderer;
  std::string text;
  auto error = renderer.render(compiled, surroundings.sample, surroundings.now, budget, text);
  if (!error) return;
  const bool told = std::any_of(findings.begin(), findings.end(), [&](const Finding& each) {
    return error->kind == ErrorKind::undefined && each.error.line == error->line && each.what != Finding::What::unused;
  });
  if (!told) findings.push_back({Finding::What::failed, std::move(*error)});
}

}  // namespace

std::string_view name_of(Finding::What what) {
  switch (what) {
    case Finding::What::refused: return "refused";
    case Finding::What::failed: return "failed";
    case Finding::What::unknown: return "unknown";
    case Finding::What::unused: return "unused";
    case Finding::What::misspelt: return "misspelt";
  }
  return "";
}

std::vector<Finding> check(std::string_view source, const Surroundings& surroundings, const Budget& budget) {
  auto compiled = Template::compile(source, budget);
  if (auto* error = std::get_if<Error>(&compiled)) return {{Finding::What::refused, std::move(*error)}};
  const Template& made = std::get<Template>(compiled);
  // Names as they are written: what is compiled has its constants folded and its names resolved.
  Template::Program parsed;
  parsed.source = made.program().source;
  parse(parsed);
  Reader reader(surroundings.sample);
  reader.read(parsed.body);

  std::vector<Finding> findings;
  tell_names(findings, reader, made, surroundings);
  tell_missing(findings, reader, parsed.source);
  if (!surroundings.sample.empty()) tell_failure(findings, made, surroundings, budget);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.error.line, a.error.column) < std::tie(b.error.line, b.error.column);
  });
  return findings;
}

}  // namespace tocsin::jinja
