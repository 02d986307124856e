"""What took long to make is kept until something changes that it was made from."""

from __future__ import annotations

from pathlib import Path

from bot.content import LOCALES
from bot.lexicon_files import lexicon_paths, new_matcher
from bot.shelf import kept


def test_what_was_made_is_kept_until_its_sources_change(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    made: list[str] = []

    def make() -> str:
        made.append(source.read_text())
        return made[-1]

    assert [kept(tmp_path / "shelf", "thing", [source], make) for _ in range(2)] == ["one", "one"]
    assert made == ["one"]
    source.write_text("two")
    assert kept(tmp_path / "shelf", "thing", [source], make) == "two"
    assert len(list((tmp_path / "shelf").iterdir())) == 1, "what is old is not kept"


def test_a_shelf_that_is_broken_or_not_there_costs_only_time(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    assert kept(tmp_path / "shelf", "thing", [source], lambda: "made") == "made"
    (file,) = (tmp_path / "shelf").iterdir()
    whole = file.read_bytes()
    turned = whole[:-4] + bytes([whole[-4] ^ 1]) + whole[-3:]
    for broken in (b"no pickle", whole[:-3], b"", turned):
        file.write_bytes(broken)
        assert kept(tmp_path / "shelf", "thing", [source], lambda: "made anew") == "made anew"
    assert kept(source / "nowhere", "thing", [source], lambda: "made") == "made"
    assert kept(tmp_path / "shelf", "thing", [tmp_path / "gone"], lambda: "made") == "made"


def test_what_was_never_finished_is_thrown_away(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "thing.0123456789.4711").write_bytes(b"half")
    kept(tmp_path / "shelf", "thing", [source], lambda: "made")
    assert [file.suffix for file in (tmp_path / "shelf").iterdir()] == [".kept"]


def test_what_was_kept_understands_the_same(tmp_path: Path) -> None:
    locales, shelf = tmp_path / "locales", tmp_path / "shelf"
    (locales / "nl").mkdir(parents=True)
    for name in ("lexicon.yaml", "nl/lexicon.yaml", "opinion.json", "opinion.npy"):
        (locales / name).write_bytes((LOCALES / name).read_bytes())
    said = "kheb 2 kinderen en ik wil iemand spreken, ik zie het nimmer zitten"
    made, found = (new_matcher(locales, shelf).read(said, "nl") for _ in range(2))
    assert len(list(shelf.iterdir())) == 1
    assert made == found
    assert made.matches
    path = lexicon_paths(locales)[1]
    path.write_text(path.read_text(encoding="utf-8").replace("kinderen", "bloedjes"), encoding="utf-8")
    assert new_matcher(locales, shelf).read(said, "nl") != made
