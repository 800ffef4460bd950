#include <algorithm>

#include "group/effects.hpp"
#include "group/group.hpp"

namespace tocsin::group {
namespace {

using model::AlertGroup;
using model::ChangedBy;
using model::State;
using model::TimelineKind;

base::Error refused(std::string_view verb, std::string_view what) {
  return {base::ErrorKind::conflict,
          std::string("Can't ").append(verb).append(" ").append(what).append(" alert group")};
}

std::string seconds_text(clock::Duration length) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(length).count());
}

/// Decides one action on one scene; the checks come in the order of the API (spec: api.md 2.14).
class Decision {
 public:
  Decision(const Scene& scene, const model::Actor& actor, clock::Instant now)
      : scene_(scene), telling_(fold_, actor, now) {}

  base::Result<model::Fold> operator()(const Acknowledge&) {
    if (scene_.group.acknowledged_at) return refused("acknowledge", "an acknowledged");
    if (scene_.group.resolved_at) return refused("acknowledge", "a resolved");
    if (is_attached()) return refused("acknowledge", "an attached");
    return cascade([&](AlertGroup& group) {
      if (group.resolved_at || group.acknowledged_at) return;
      acknowledge_group(telling_, group, {ChangedBy::user});
    });
  }

  base::Result<model::Fold> operator()(const Unacknowledge&) {
    if (!scene_.group.acknowledged_at) return refused("unacknowledge", "an unacknowledged");
    if (scene_.group.resolved_at) return refused("unacknowledge", "a resolved");
    if (is_attached()) return refused("unacknowledge", "an attached");
    return cascade([&](AlertGroup& group) {
      if (!group.resolved_at) lift_acknowledgement(telling_, group, "");
    });
  }

  base::Result<model::Fold> operator()(const Resolve&) {
    if (scene_.group.resolved_at) return refused("resolve", "a resolved");
    if (is_attached()) return refused("resolve", "an attached");
    return cascade([&](AlertGroup& group) {
      if (!group.resolved_at) resolve_group(telling_, group, {ChangedBy::user});
    });
  }

  base::Result<model::Fold> operator()(const Unresolve&) {
    if (!scene_.group.resolved_at) return refused("unresolve", "an unresolved");
    if (is_attached()) return refused("unresolve", "an attached");
    if (scene_.group.wiped_at) return refused("unresolve", "a wiped");
    return cascade([&](AlertGroup& group) {
      if (!group.wiped_at) lift_resolution(telling_, group, "", grouping_of(group));
    });
  }

  base::Result<model::Fold> operator()(const Silence& silence) {
    if (scene_.group.resolved_at) return refused("silence", "a resolved");
    if (scene_.group.acknowledged_at) return refused("silence", "an acknowledged");
    if (is_attached()) return refused("silence", "an attached");
    return cascade([&](AlertGroup& group) {
      if (!group.resolved_at && !group.acknowledged_at) silence_group(group, silence.length);
    });
  }

  base::Result<model::Fold> operator()(const Unsilence& unsilence) {
    if (!scene_.group.silenced_at) return refused("unsilence", "an unsilenced");
    if (scene_.group.resolved_at) return refused("unsilence", "a resolved");
    if (scene_.group.acknowledged_at) return refused("unsilence", "an acknowledged");
    if (is_attached() && unsilence.reason.empty()) return refused("unsilence", "an attached");
    return cascade([&](AlertGroup& group) {
      if (!group.resolved_at) lift_silence(telling_, group, unsilence.reason);
    });
  }

  base::Result<model::Fold> operator()(const Attach& attach) {
    if (attach.root.id == scene_.group.id) {
      return base::Error{base::ErrorKind::conflict, "Can't attach an alert group to itself"};
    }
    if (is_attached()) return refused("attach", "an attached");
    if (!scene_.attached.empty()) return refused("attach", "a root");
    if (!attach.root.root.empty()) return refused("attach to", "an attached");
    if (attach.root.resolved_at) return refused("attach to", "a resolved");
    AlertGroup group = scene_.group;
    group.root = attach.root.id;
    telling_.entry(group, TimelineKind::attached, "", {{"root", attach.root.id.text()}});
    telling_.entry(attach.root, TimelineKind::attached, "", {{"alert_group", group.id.text()}});
    align(group, attach.root);
    fold_.groups.push_back(std::move(group));
    return std::move(fold_);
  }

  base::Result<model::Fold> operator()(const Unattach&) {
    if (!is_attached()) return refused("unattach", "an unattached");
    AlertGroup group = scene_.group;
    AlertGroup root;
    root.id = group.root;
    root.organization = group.organization;
    telling_.entry(group, TimelineKind::unattached, "", {{"root", root.id.text()}});
    telling_.entry(root, TimelineKind::unattached, "", {{"alert_group", group.id.text()}});
    group.root = {};
    group.restarted_at = telling_.now();
    fold_.groups.push_back(std::move(group));
    return std::move(fold_);
  }

  base::Result<model::Fold> operator()(const Restart&) {
    if (is_attached()) return refused("restart", "an attached");
    if (scene_.group.wiped_at) return refused("restart", "a wiped");
    if (model::state_of(scene_.group) == State::firing) return refused("restart", "a firing");
    return cascade([&](AlertGroup& group) {
      if (group.wiped_at) return;
      lift_resolution(telling_, group, "restarted", grouping_of(group));
      lift_acknowledgement(telling_, group, "restarted");
      telling_.entry(group, TimelineKind::restarted, "", {});
    });
  }

  base::Result<model::Fold> operator()(const Wipe&) {
    return cascade([&](AlertGroup& group) {
      if (group.wiped_at) return;
      if (!group.resolved_at) resolve_group(telling_, group, {ChangedBy::wipe, "wiped"});
      group.open_for_grouping = false;
      group.title.clear();
      group.grouping_key.clear();
      group.distinction.clear();
      group.source_link.clear();
      group.labels.clear();
      group.wiped_at = telling_.now();
      group.wiped_by = telling_.actor().user;
      telling_.entry(group, TimelineKind::wiped, "", {});
      fold_.scrubbed.push_back(group.id);
    });
  }

  base::Result<model::Fold> operator()(const Delete&) {
    for (AlertGroup attached : scene_.attached) {
      telling_.entry(attached, TimelineKind::unattached, "the root was deleted", {{"root", scene_.group.id.text()}});
      attached.root = {};
      attached.restarted_at = telling_.now();
      fold_.groups.push_back(std::move(attached));
    }
    if (scene_.group.silenced_until) telling_.cancel_unsilence(scene_.group);
    fold_.removed.push_back(scene_.group.id);
    return std::move(fold_);
  }

 private:
  bool is_attached() const { return !scene_.group.root.empty(); }

  /// A key's alerts go to one group: one that was opened meanwhile keeps them, and of two that this action reopens
  /// the first one gets them.
  Grouping grouping_of(const AlertGroup& group) const {
    const auto& overtaken = scene_.overtaken;
    const bool reopened_now = std::any_of(fold_.groups.begin(), fold_.groups.end(), [&](const AlertGroup& other) {
      return other.open_for_grouping && other.integration == group.integration &&
             other.distinction == group.distinction;
    });
    const bool taken = reopened_now || std::find(overtaken.begin(), overtaken.end(), group.id) != overtaken.end();
    return taken || group.distinction.empty() ? Grouping::stays_closed : Grouping::opens;
  }

  template <class Change>
  base::Result<model::Fold> cascade(Change change) {
    AlertGroup group = scene_.group;
    change(group);
    fold_.groups.push_back(std::move(group));
    for (AlertGroup attached : scene_.attached) {
      change(attached);
      fold_.groups.push_back(std::move(attached));
    }
    return std::move(fold_);
  }

  void silence_group(AlertGroup& group, const std::optional<clock::Duration>& length) {
    lift_silence(telling_, group, "silenced anew");
    group.silenced_at = telling_.now();
    group.silenced_by_user = telling_.actor().user;
    note_reaction(group, telling_.now());
    if (!length) {
      telling_.entry(group, TimelineKind::silenced, "", {{"until", "for ever"}});
      return;
    }
    group.silenced_until = telling_.now() + *length;
    telling_.entry(group, TimelineKind::silenced, "",
                   {{"seconds", seconds_text(*length)}, {"until", clock::to_iso8601(*group.silenced_until)}});
    telling_.schedule_unsilence(group);
  }

  /// An attached group takes over its root's acknowledgement and silence, the silence's end included.
  void align(AlertGroup& group, const AlertGroup& root) {
    if (group.resolved_at) return;
    if (root.acknowledged_at && !group.acknowledged_at) {
      acknowledge_group(telling_, group, {root.acknowledged_by, "as the group it is attached to"});
      group.acknowledged_by_user = root.acknowledged_by_user;
    } else if (!root.acknowledged_at && group.acknowledged_at) {
      lift_acknowledgement(telling_, group, "as the group it is attached to");
    }
    if (root.acknowledged_at) return;
    if (root.silenced_at) {
      std::optional<clock::Duration> length;
      if (root.silenced_until) length = *root.silenced_until - telling_.now();
      silence_group(group, length);
    } else {
      lift_silence(telling_, group, "as the group it is attached to");
    }
  }

  const Scene& scene_;
  model::Fold fold_;
  Telling telling_;
};

}  // namespace

base::Result<model::Fold> act(const Scene& scene, const Action& action, const model::Actor& actor, clock::Instant now) {
  Decision decision(scene, actor, now);
  return std::visit([&](const auto& each) { return decision(each); }, action);
}

}  // namespace tocsin::group
