"""Files meant to harm, or simply broken, end in one clear problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from frepple_files import HEAD

from coproduce import api
from coproduce.errors import InputError
from coproduce.read.frepple import xml_file

BOMB = '<!DOCTYPE plan [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><plan><name>&b;</name></plan>'
OUTSIDE = '<!DOCTYPE plan [<!ENTITY x SYSTEM "file:///etc/hostname">]><plan><name>&x;</name></plan>'


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("bomb.xml", BOMB.encode(), "E130", "entities"),
        ("outside.xml", OUTSIDE.encode(), "E130", "entities"),
        ("dtd.xml", b'<!DOCTYPE plan SYSTEM "http://127.0.0.1:9/x.dtd"><plan/>', "E130", "document type"),
        ("cut.xml", HEAD.encode() + b"<items><item", "E130", "line 1"),
        ("latin.xml", b'<?xml version="1.0" encoding="UTF-8"?><plan><name>\xe9t\xe9</name></plan>', "E130", "line 1"),
        ("klingon.xml", b'<?xml version="1.0" encoding="klingon"?><plan/>', "E130", "encoding"),
        ("empty.xml", b"", "E130", "no element"),
        ("page.xml", b"<html><body/></html>", "E130", '"html"'),
        ("nothing.xml", b"<plan/>", "E130", "none of frePPLe's entities"),
        ("deep.xml", b"<plan>" + b"<a>" * 1000, "E104", "nested"),
        ("text.xml", b"<plan><name>" + b"x" * 300_000 + b"</name></plan>", "E104", "text"),
        ("tag.xml", b'<plan><items><item name="' + b"x" * 3_000_000 + b'"/></items></plan>', "E104", "bytes"),
        ("cut.json", b'[{"model": "input.item", "pk": "a", "fields": {}},', "E130", "breaks off"),
        ("damaged.json", b'[\n{"model": "input.item", "pk": }\n]', "E130", "line 2"),
        ("object.json", b'{"model": "input.item"}', "E130", "list"),
        ("deep.json", b"[" * 100_000, "E130", "damaged"),
        ("strange.json", b'[{"a": 1}]', "E130", "model"),
        ("latin.json", b'["\xe9"]', "E130", "utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_is_no_sound_file_is_named(tmp_path: Path, name: str, content: bytes, code: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        api.read(path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.origin.file) == (code, name)
    assert words in problem.message or (name == "deep.json" and "nested" in problem.message)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as stream:
        stream.truncate(xml_file.LARGEST + 1)
    with pytest.raises(InputError) as caught:
        api.read(path)
    assert caught.value.problems[0].code == "E104"


def test_more_elements_than_a_plan_can_need_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_file, "MOST_ELEMENTS", 50)
    path = tmp_path / "many.xml"
    path.write_bytes(b"<plan>" + b"<i/>" * 100 + b"</plan>")
    with pytest.raises(InputError) as caught:
        api.read(path)
    assert caught.value.problems[0].code == "E104"


def test_utf_16_is_read_as_what_it_says_it_is(tmp_path: Path) -> None:
    path = tmp_path / "wide.xml"
    text = '<?xml version="1.0" encoding="utf-16"?><plan><items><item name="été"/></items></plan>'
    path.write_bytes(text.encode("utf-16"))
    assert api.read(path).sheets["items"].frame["name"].to_list() == ["été"]


def test_a_long_list_may_be_indented_by_more_than_the_longest_text(tmp_path: Path) -> None:
    path = tmp_path / "indented.xml"
    # 3,000 lines, each begun by 50 blanks: more than the 100,000 characters that one text may have.
    items = "".join(f'\n{" " * 50}<item name="i{number}"/>' for number in range(3_000))
    path.write_text(f"{HEAD}<items>{items}</items></plan>")
    assert api.read(path).sheets["items"].frame.height == 3_000


@pytest.mark.parametrize("end", ["<ite", "</items>", "</items></plan><plan/>"])
def test_records_are_not_made_of_a_large_file_that_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(xml_file, "_Builder", None)
    path = tmp_path / "cut.xml"
    path.write_text(f"{HEAD}<items>" + '<item name="a"/>' * 1000 + end)
    with pytest.raises(InputError) as caught:
        api.read(path)
    assert (caught.value.problems[0].code, "line 1" in caught.value.problems[0].message) == ("E130", True)
