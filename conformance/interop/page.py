"""`differences.toml` as a page to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from explained import Explanation, Table
from report import Stage, count

_HEAD = """\
# Where our requests differ from the official SDKs'

Every documented request is sent by our clients and by the vendors' official Python SDKs (`alibabacloud_ice20201109`,
`huaweicloudsdkvas`, `cos-python-sdk-v5`), and the two are compared by what they mean: method, host, path, parameters,
headers, body, and what is signed. These are all differences. `cargo xtask interop` fails for one that is not here, and for an
entry that no longer occurs. This page is made of `conformance/interop/differences.toml` by `cargo xtask interop --update`.
"""


def judge(table: Table, file: Path, update: bool) -> Stage:
    """The page is what the table says."""
    stage = Stage("the page of differences", [count(len(table.differences), "difference")])
    text = "\n".join(_lines(table)) + "\n"
    if update:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        stage.fail(file.name, "is not what differences.toml says; run `cargo xtask interop --update`")
    return stage


def _lines(table: Table) -> Iterator[str]:
    yield _HEAD
    for service in dict.fromkeys(entry.service for entry in table.differences):
        yield f"## {service}\n"
        yield "| operation | where | ours | theirs | why |"
        yield "| --- | --- | --- | --- | --- |"
        for entry in table.differences:
            if entry.service == service:
                yield _row(entry)
        yield ""
        absent = [(name, why) for (of, name), why in table.absent.items() if of == service]
        for name, why in absent:
            yield f"The SDK has no `{name}`: {why}\n"
    yield "## Not compared\n"
    yield "| header | why |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {why} |" for name, why in table.volatile.items())
    yield "\n## Documented answers that an SDK can't read\n"
    yield from (f"- `{name}`: {why}" for name, why in table.unreadable.items())


def _row(entry: Explanation) -> str:
    operations = "all" if entry.operations == ["*"] else ", ".join(f"`{name}`" for name in entry.operations)
    places = ", ".join(f"`{place}`" for place in entry.places)
    return f"| {operations} | {places} | {_side(entry.ours)} | {_side(entry.theirs)} | {entry.why} |"


def _side(value: str | None) -> str:
    if value is None:
        return "–"
    return "something" if value == "*" else f"`{value}`"
