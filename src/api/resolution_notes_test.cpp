// Resolution notes (spec: api.md 5.5, N1 to N5).
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* group_id = "IAAAAAAAAAAA1";

/// Writes a note; its id.
std::string write(Bed& bed, const std::string& text, const std::string& group = group_id) {
  const Answer answer =
      bed.ask("POST", "resolution_notes/", R"({"alert_group_id":")" + group + R"(","text":")" + text + "\"}");
  REQUIRE(answer.status() == 201);
  return answer.at("id");
}

}  // namespace

TEST_CASE("N1: create, get, list") {
  Bed bed;
  bed.put(firing(group_id));
  bed.put(firing("IAAAAAAAAAAA2"));
  const Answer made =
      bed.ask("POST", "resolution_notes", R"({"alert_group_id":"IAAAAAAAAAAA1","text":"  Rebooted  "})");
  CHECK(made.status() == 201);
  CHECK(made.header("Location").empty());
  const std::string id = made.at("id");
  CHECK(id.size() == 13);
  CHECK(id.front() == 'M');
  const std::string note = R"({"id":")" + id + R"(","alert_group_id":"IAAAAAAAAAAA1","author":"UAAAAAAAAAAA1",
    "source":"Web","created_at":"2026-01-02T03:04:05Z","text":"Rebooted"})";
  CHECK(made.json() == sorted(note));
  CHECK(bed.ask("GET", "resolution_notes/" + id).json() == sorted(note));
  CHECK(bed.ask("GET", "resolution_notes").json() == sorted(R"({"count": 1, "next": null, "previous": null,
    "page_size": 50, "current_page_number": 1, "total_pages": 1, "results": [)" +
                                                            note + "]}"));

  const std::string newer = write(bed, "of the newer group", "IAAAAAAAAAAA2");
  const std::string later = write(bed, "later, of the older group");
  const Answer list = bed.ask("GET", "resolution_notes/");
  CHECK(list.at("results.0.id") == newer);
  CHECK(list.at("count") == "3");
  CHECK(bed.ask("GET", "resolution_notes?alert_group_id=IAAAAAAAAAAA2").at("results.0.id") == newer);
  CHECK(bed.ask("GET", "resolution_notes?alert_group_id=IAAAAAAAAAAA1").at("count") == "2");
  CHECK(bed.ask("GET", "resolution_notes?alert_group_id=IZZZZZZZZZZZZ").at("count") == "0");

  const auto timeline = bed.timeline(group_id);
  REQUIRE(timeline.size() == 2);
  CHECK(timeline[0].kind == model::TimelineKind::note_added);
  CHECK(timeline[0].actor.user == Bed::user_of(As::admin));
  CHECK(timeline[1].details == R"({"note":")" + later + "\"}");
}

TEST_CASE("N2: what is missing, null, blank or unknown") {
  Bed bed;
  bed.put(firing(group_id));
  const auto refused = [&](std::string_view body) {
    const Answer answer = bed.ask("POST", "resolution_notes", body);
    CHECK(answer.status() == 400);
    return answer.json();
  };
  CHECK(refused(R"({"alert_group_id":"IAAAAAAAAAAA1","text":""})") ==
        sorted(R"({"text":["This field may not be blank."]})"));
  CHECK(refused(R"({"alert_group_id":"IAAAAAAAAAAA1","text":" \t "})") ==
        sorted(R"({"text":["This field may not be blank."]})"));
  CHECK(refused(R"({"alert_group_id":"IAAAAAAAAAAA1","text":null})") ==
        sorted(R"({"text":["This field may not be null."]})"));
  CHECK(refused(R"({"alert_group_id":"IAAAAAAAAAAA1","text":["x"]})") == sorted(R"({"text":["Not a valid string."]})"));
  CHECK(refused("") == sorted(R"({"alert_group_id":["This field is required."],"text":["This field is required."]})"));
  CHECK(refused(R"({"alert_group_id":"IZZZZZZZZZZZZ","text":"x"})") ==
        sorted(R"({"alert_group_id":["Object does not exist"]})"));
  CHECK(refused(R"({"alert_group_id":12,"text":"x"})") == sorted(R"({"alert_group_id":["Object does not exist"]})"));
  CHECK(refused(R"({"alert_group_id":"","text":"x"})") ==
        sorted(R"({"alert_group_id":["This field may not be null."]})"));
  CHECK(refused("[1]") == sorted(R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})"));
  CHECK(bed.ask("GET", "resolution_notes").at("count") == "0");
}

TEST_CASE("N2: numbers become text, and the length is counted in characters") {
  Bed bed;
  bed.put(firing(group_id));
  CHECK(bed.ask("POST", "resolution_notes", R"({"alert_group_id":"IAAAAAAAAAAA1","text":12.5})").at("text") == "12.5");
  std::string longest;
  for (int i = 0; i < 3000; ++i) longest += "ü";
  write(bed, longest);
  const Answer over =
      bed.ask("POST", "resolution_notes", R"({"alert_group_id":"IAAAAAAAAAAA1","text":")" + longest + "x\"}");
  CHECK(over.status() == 400);
  CHECK(over.at("text.0") == "Ensure this field has no more than 3000 characters.");
}

TEST_CASE("N3: change the text; the same text again has no effect") {
  Bed bed;
  bed.put(firing(group_id));
  const std::string path = "resolution_notes/" + write(bed, "first");
  const Answer changed = bed.ask("PUT", path, R"({"text":"second","alert_group_id":"IZZ","author":"UZZ"})");
  CHECK(changed.status() == 200);
  CHECK(changed.at("text") == "second");
  CHECK(changed.at("alert_group_id") == group_id);
  CHECK(bed.timeline(group_id).size() == 2);
  CHECK(bed.timeline(group_id).back().kind == model::TimelineKind::note_changed);
  CHECK(bed.ask("PUT", path, R"({"text":"second"})").status() == 200);
  CHECK(bed.timeline(group_id).size() == 2);

  const Answer missing = bed.ask("PUT", path, "{}");
  CHECK(missing.status() == 400);
  CHECK(missing.body() == R"({"text":["This field is required."]})");
  CHECK(bed.ask("PATCH", path, "{}").at("text") == "second");
  CHECK(bed.ask("PATCH", path, R"({"text":"third"})").at("text") == "third");
  CHECK(bed.ask("PATCH", path, R"({"text":""})").status() == 400);
  CHECK(bed.ask("GET", path).at("text") == "third");
}

TEST_CASE("N4: a note that came from a chat is edited there") {
  Bed bed;
  bed.put(firing(group_id));
  model::ResolutionNote note;
  note.id = model::ResolutionNoteId("MAAAAAAAAAAA1");
  note.organization = organization;
  note.group = model::AlertGroupId(group_id);
  note.source = "Slack";
  note.text = "from the thread";
  note.created_at = bed.clock().now();
  model::Unit unit;
  unit.records.emplace_back(note);
  bed.commit(std::move(unit));
  const Answer refused = bed.ask("PUT", "resolution_notes/MAAAAAAAAAAA1", R"({"text":"other"})");
  CHECK(refused.status() == 400);
  CHECK(refused.body() == R"({"detail":"Cannot update message with this source type"})");
  const Answer kept = bed.ask("GET", "resolution_notes/MAAAAAAAAAAA1");
  CHECK(kept.at("text") == "from the thread");
  CHECK(kept.at("source") == "Slack");
  CHECK(kept.at("author") == "null");
}

TEST_CASE("N5: delete, and it is gone") {
  Bed bed;
  bed.put(firing(group_id));
  const std::string path = "resolution_notes/" + write(bed, "first");
  const Answer removed = bed.ask("DELETE", path);
  CHECK(removed.status() == 204);
  CHECK(removed.body().empty());
  for (const char* method : {"GET", "PUT", "PATCH", "DELETE"}) {
    CAPTURE(method);
    const Answer gone = bed.ask(method, path);
    CHECK(gone.status() == 404);
    CHECK(gone.body() == R"({"detail":"Not found."})");
  }
  CHECK(bed.ask("GET", "resolution_notes").at("count") == "0");
  CHECK(bed.timeline(group_id).back().kind == model::TimelineKind::note_removed);
}
