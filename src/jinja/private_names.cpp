// Attributes of Python 3.11's objects that start with an underscore: the sandbox refuses them, while a dict item of
// such a name that the object does not have is found.
#include <algorithm>

#include "jinja/machine.hpp"
#include "value/python_compare.hpp"
#include "value/value.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;

constexpr std::string_view any =
    " __class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ "
    "__init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ "
    "__str__ __subclasshook__ ";
constexpr std::string_view of_text =
    " __add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ ";
constexpr std::string_view of_markup = " __html__ __html_format__ __module__ __radd__ __slots__ ";
constexpr std::string_view of_number =
    " __abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __int__ __mod__ "
    "__mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ "
    "__rtruediv__ __sub__ __truediv__ __trunc__ ";
constexpr std::string_view of_integer =
    " __and__ __index__ __invert__ __lshift__ __or__ __rand__ __rlshift__ __ror__ __rrshift__ __rshift__ __rxor__ "
    "__xor__ ";
constexpr std::string_view of_list =
    " __add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ __iter__ __len__ __mul__ "
    "__reversed__ __rmul__ __setitem__ ";
constexpr std::string_view of_tuple =
    " __add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ ";
constexpr std::string_view of_dict =
    " __class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ __or__ __reversed__ __ror__ "
    "__setitem__ ";
constexpr std::string_view of_undefined =
    " __add__ __aiter__ __bool__ __call__ __complex__ __div__ __float__ __floordiv__ __getattr__ __getitem__ __int__ "
    "__iter__ __len__ __mod__ __module__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdiv__ __rfloordiv__ __rmod__ "
    "__rmul__ __rpow__ __rsub__ __rtruediv__ __slots__ __sub__ __truediv__ _fail_with_undefined_error "
    "_undefined_exception _undefined_hint _undefined_message _undefined_name _undefined_obj ";
constexpr std::string_view of_date = " __add__ __radd__ __rsub__ __sub__ ";
constexpr std::string_view of_function =
    " __annotations__ __builtins__ __call__ __closure__ __code__ __defaults__ __dict__ __get__ __globals__ "
    "__kwdefaults__ __module__ __name__ __qualname__ __wrapped__ ";
constexpr std::string_view of_method = " __call__ __module__ __name__ __qualname__ __self__ __text_signature__ ";
constexpr std::string_view of_generator = " __del__ __iter__ __name__ __next__ __qualname__ ";
constexpr std::string_view of_view =
    " __and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ __rxor__ __sub__ __xor__ ";
constexpr std::string_view of_type =
    " __base__ __bases__ __basicsize__ __call__ __class_getitem__ __contains__ __dict__ __module__ __mro__ __name__ "
    "__qualname__ __subclasses__ __getitem__ __iter__ __len__ ";
constexpr std::string_view of_loop =
    " __annotations__ __call__ __dict__ __iter__ __len__ __module__ __next__ __weakref__ _after _before _current "
    "_iterable _iterator _last_changed_value _length _peek_next _recurse _to_iterator _undefined ";
constexpr std::string_view of_instance = " __call__ __dict__ __module__ __next__ __weakref__ ";
constexpr std::string_view of_macro =
    " __call__ __dict__ __module__ __weakref__ _argument_count _async_invoke _default_autoescape _environment _func "
    "_invoke ";
constexpr std::string_view of_block = " __call__ __dict__ __module__ __weakref__ _async_call _context _depth _stack ";
constexpr std::string_view of_self = " _TemplateReference__context __dict__ __getitem__ __module__ __weakref__ ";

bool listed(std::string_view list, std::string_view name) {
  for (std::size_t at = list.find(name); at != list.npos; at = list.find(name, at + 1)) {
    if (list[at - 1] == ' ' && list[at + name.size()] == ' ') return true;
  }
  return false;
}

std::string_view names_of(const value::Object& object) {
  switch (static_cast<ObjectType>(object.type)) {
    case ObjectType::function: return of_function;
    case ObjectType::bound_method: {
      const bool function = value::type_name(Value::object(const_cast<value::Object*>(&object))) == "function";
      return function ? of_function : of_method;
    }
    case ObjectType::type:
    case ObjectType::generic_alias: return of_type;
    case ObjectType::macro: return of_macro;
    case ObjectType::loop: return of_loop;
    case ObjectType::cycler:
    case ObjectType::joiner: return of_instance;
    case ObjectType::self: return of_self;
    case ObjectType::block: return of_block;
    case ObjectType::generator: return of_generator;
    case ObjectType::dict_view: return of_view;
    case ObjectType::datetime:
    case ObjectType::date: return of_date;
    case ObjectType::timedelta: return of_number;
    case ObjectType::bytes: return of_text;
    case ObjectType::name_space:
    case ObjectType::time_of_day:
    case ObjectType::timezone: break;
  }
  return " ";
}

}  // namespace

bool has_private_attribute(Value of, std::string_view name) {
  if (name.find(' ') != name.npos) return false;
  if (auto* space = object_of<Namespace>(of)) {
    return name == "__class__" || name == "_Namespace__attrs" || value::find(*space->members, name) != nullptr;
  }
  if (listed(any, name)) return true;
  switch (of.kind()) {
    case Kind::undefined: return listed(of_undefined, name);
    case Kind::none: return name == "__bool__";
    case Kind::boolean:
    case Kind::integer:
    case Kind::big_integer: return listed(of_number, name) || listed(of_integer, name);
    case Kind::real: return listed(of_number, name) || name == "__getformat__";
    case Kind::string: return listed(of_text, name) || (of.is_markup() && listed(of_markup, name));
    case Kind::list: return listed(of_list, name);
    case Kind::tuple: return listed(of_tuple, name);
    case Kind::dict: return listed(of_dict, name);
    case Kind::object: return listed(names_of(*of.as_object()), name);
  }
  return false;
}

}  // namespace tocsin::jinja
