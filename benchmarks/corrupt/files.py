"""Wrong files: encodings, separators, line ends, quotation marks, bytes, and things that are no files at all."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.corrupt.programme import Corruption, Damage, Programme, csv_bytes, typed_frame, write, write_workbook

Spoil = Callable[[random.Random, bytes], bytes]


def _mixed(luck: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = luck.randrange(1, len(lines))
    lines[at] += ',"naïve Łódź"'.encode(luck.choice(("utf-8", "utf-16-le", "latin-1")), errors="replace")
    return b"\n".join(lines)


def _cut(luck: random.Random, content: bytes) -> bytes:
    return content[: luck.randrange(len(content))]


def _flipped(luck: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    spoilt[luck.randrange(len(spoilt))] ^= 1 << luck.randrange(8)
    return bytes(spoilt)


def _inserted(luck: random.Random, content: bytes) -> bytes:
    at = luck.randrange(len(content))
    return content[:at] + luck.choice((b'"', b"\0", b"\xff", b"\x81", b"\r", b",", b"\x1a", b"\n")) + content[at:]


def _quoted(luck: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = luck.randrange(1, max(len(lines) - 1, 2))
    fields = lines[at].split(b",")
    field = luck.randrange(len(fields))
    fields[field] = luck.choice((b'"' + fields[field], b'"' + fields[field] + b'" x'))
    lines[at] = b",".join(fields)
    return b"\n".join(lines)


def _ragged(luck: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = luck.randrange(1, max(len(lines) - 1, 2))
    lines[at] = luck.choice((lines[at] + b",surplus", lines[at].rpartition(b",")[0], b"x," + lines[at]))
    return b"\n".join(lines)


def _accented(_luck: random.Random, content: bytes) -> bytes:
    head, _, body = content.partition(b"\n")
    lines = body.decode().splitlines()
    names = [f'{line},"{accent}"' for line, accent in zip(lines, ["Société Łódź €"] * len(lines), strict=True)]
    return "\n".join([head.decode() + ",#remark", *names]).encode("cp1252", errors="replace")


BYTES: dict[str, Spoil] = {
    "cp1252": _accented,
    "UTF-16 with mark": lambda _luck, content: content.decode().encode("utf-16"),
    "UTF-16 without mark": lambda luck, content: content.decode().encode(luck.choice(("utf-16-le", "utf-16-be"))),
    "UTF-32": lambda _luck, content: content.decode().encode("utf-32"),
    "mixed encodings": _mixed,
    "byte order mark": lambda luck, content: b"\xef\xbb\xbf" * luck.randint(1, 2) + content,
    "zero byte": lambda luck, content: content[: (at := luck.randrange(len(content)))] + b"\0" + content[at:],
    "line ends of old Macintosh": lambda _luck, content: content.replace(b"\n", b"\r"),
    "mixed line ends": lambda luck, content: b"".join(
        line + luck.choice((b"\r", b"\n", b"\r\n")) for line in content.split(b"\n")
    ),
    "unbalanced quotation mark": _quoted,
    "ragged row": _ragged,
    "cut off": _cut,
    "flipped bit": _flipped,
    "inserted byte": _inserted,
    "emptied": lambda luck, _content: luck.choice((b"", b"\n", b"\xef\xbb\xbf", b" , ,\n")),
    "compressed": lambda _luck, content: gzip.compress(content),
}


def _of_bytes(spoil: Spoil) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage:
        folder = write(programme, folder, "csv")
        table = luck.choice(list(programme.tables))
        path = folder / f"{table}.csv"
        path.write_bytes(spoil(luck, path.read_bytes()))
        return Damage(folder, table)

    return corrupt


def _separator(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "csv")
    table = luck.choice(list(programme.tables))
    (folder / f"{table}.csv").write_bytes(csv_bytes(programme.tables[table], luck.choice(";\t|:"), "\r\n"))
    return Damage(folder, table)


def _in_place(make: Callable[[random.Random, Programme, Path, Path], object]) -> Corruption:
    """Return a corruption that puts something else in the place of a file."""

    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage:
        folder = write(programme, folder, "csv")
        table = luck.choice(list(programme.tables))
        path, aside = folder / f"{table}.csv", folder.with_name(f"{folder.name}-{table}.csv")
        path.rename(aside)
        make(luck, programme, path, aside)
        return Damage(folder, table)

    return corrupt


def _as_workbook(_luck: random.Random, programme: Programme, path: Path, _aside: Path) -> None:
    write_workbook(programme, path.with_suffix(".xlsx")).rename(path)


def _other_ending(luck: random.Random, _programme: Programme, path: Path, aside: Path) -> None:
    aside.rename(
        path.with_name(path.stem + luck.choice((".csv.txt", ".xlsx", ".json", ".csv.bak", "", ".parquet", ".ods")))
    )


def _as_settings(_luck: random.Random, _programme: Programme, path: Path, _aside: Path) -> None:
    path.with_suffix(".yaml").write_text("- a\n- b\n")


PLACES: dict[str, Corruption] = {
    "a folder": _in_place(lambda _l, _p, path, _a: path.mkdir()),
    "a link to itself": _in_place(lambda _l, _p, path, _a: path.symlink_to(path.name)),
    "a link to nowhere": _in_place(lambda _l, _p, path, _a: path.symlink_to("nowhere.csv")),
    "a link to the file": _in_place(lambda _l, _p, path, aside: path.symlink_to(aside)),
    "a pipe": _in_place(lambda _l, _p, path, _a: os.mkfifo(path)),
    "a workbook": _in_place(_as_workbook),
    "another ending": _in_place(_other_ending),
    "a YAML file": _in_place(_as_settings),
}

SETTINGS: dict[str, str] = {
    "anchors": "name: &n Demo\ndescription: *n\n",
    "bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{n}: &{n} [{','.join([f'*{m}'] * 9)}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "? [*i, *i]\n: x\n",
    "doubled key": "name: Demo\nname: Other\n",
    "tab": "name:\tDemo\n\tstart: 2027-01-01\n",
    "list": "name: [a, b]\n",
    "deep": "name: " + "[" * 50_000 + "\n",
    "deep maps": "{a: " * 30_000 + "\n",
    "not closed": "name: 'Demo\n",
    "control character": "name: De\x07mo\n",
    "several documents": "---\nname: x\n---\nname: y\n",
    "object": "!!python/object/apply:os.system ['true']\n",
    "merge": "x: &x {start: 2027-01-01}\n<<: *x\n",
    "long": "name: " + "x" * 300_000 + "\n",
    "truth values": "name: no\ncurrency: NO\nbuckets: 1e3\n",
}


def _settings(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme.without("programme"), folder, "csv")
    names, values = programme.tables["programme"]
    good = "".join(f"{name}: {value!r}\n" for name, value in zip(names, values, strict=True) if value)
    spoilt = SETTINGS[luck.choice(list(SETTINGS))]
    content = luck.choice(
        (spoilt, good + spoilt, good[: luck.randrange(len(good))], _flipped(luck, good.encode()).decode("latin-1"))
    )
    (folder / "programme.yaml").write_text(content, encoding="utf-8")
    return Damage(folder, "programme")


def _odd_type(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "parquet")
    table = luck.choice([name for name in programme.tables if name != "programme"])
    frame = typed_frame(table, programme.tables[table])
    name = luck.choice(frame.columns)
    one, kind = (
        frame[name],
        luck.choice(
            (
                "list",
                "struct",
                "decimal",
                "category",
                "small",
                "zone",
                "binary",
                "float32",
                "null",
                "time",
                "duration",
                "nanoseconds",
                "text",
                "enum",
            )
        ),
    )
    (frame.with_columns(_retyped(one, kind).alias(name))).write_parquet(folder / f"{table}.parquet")
    return Damage(folder, table, 0, name)


def _retyped(one: pl.Series, kind: str) -> pl.Series:
    """Return a column in another type where its values allow it, and as text where not."""
    as_text, numeric = one.cast(pl.String), one.dtype.is_numeric()
    made: dict[str, Callable[[], pl.Series]] = {
        "list": lambda: pl.Series([[value] for value in one]),
        "struct": lambda: pl.Series([{"value": value} for value in one]),
        "decimal": lambda: one.cast(pl.Decimal(20, 6)) if numeric else as_text,
        "category": lambda: as_text.cast(pl.Categorical),
        "small": lambda: one.cast(pl.Int8, strict=False) if numeric else as_text,
        "zone": lambda: one.dt.replace_time_zone("Europe/Warsaw") if one.dtype.is_temporal() else as_text,
        "binary": lambda: as_text.cast(pl.Binary),
        "float32": lambda: one.cast(pl.Float32) if numeric else as_text,
        "null": lambda: pl.Series([None] * len(one)),
        "time": lambda: pl.Series([None] * len(one), dtype=pl.Time),
        "duration": lambda: pl.Series([1] * len(one)).cast(pl.Duration),
        "nanoseconds": lambda: one.dt.cast_time_unit("ns") if one.dtype.is_temporal() else as_text,
        "text": lambda: as_text,
        "enum": lambda: as_text.cast(pl.Enum(as_text.drop_nulls().unique())),
    }
    return made[kind]()


def _damaged_parquet(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "parquet")
    table = luck.choice([name for name in programme.tables if name != "programme"])
    path = folder / f"{table}.parquet"
    path.write_bytes(luck.choice((_cut, _flipped, _flipped))(luck, path.read_bytes()))
    return Damage(folder, table)


FILES: dict[str, Corruption] = {
    **{f"text file: {kind}": _of_bytes(spoil) for kind, spoil in BYTES.items()},
    "text file: another separator": _separator,
    **{f"file replaced by {kind}": corruption for kind, corruption in PLACES.items()},
    "settings: YAML": _settings,
    "parquet: odd type": _odd_type,
    "parquet: cut off or flipped": _damaged_parquet,
}
