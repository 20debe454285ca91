"""Markdown, HTML, CSV and JSON into each other, and what hostile files do not achieve."""

import json
from typing import Any

import pytest

from assistant.domain.errors import ArgumentError, NotFoundError
from tests.fakes.seeing import Toolbox

PAGE = """<!doctype html><html><head><title>T</title><style>p{}</style><script>evil()</script></head><body>
<h1>Title &amp; more</h1><p>Hello <b>hall</b>, <a href="https://example.org/a b(c)">there</a>
<ul><li>one<li>two<ol start=3><li>deep</ol></ul><pre>a
  b```c</pre><img src="http://spy.example/p.png" alt="pixel"><img src="near.png" alt="near">
<table><tr><th>Name<th>Sum</tr><tr><td>Anna | B</td><td>=1+1</td></tr></table></body></html>"""


async def made(box: Toolbox, path: str, to: str, **more: Any) -> str:
    """The text of the file that a conversion wants."""
    outcome = await box.call("text.convert", path=path, to=to, **more)
    return box.blobs.kept[outcome.changes[-1].blob].decode("utf-8-sig")


async def test_markdown_becomes_a_page_that_fetches_nothing(box: Toolbox):
    path = box.write(
        "plan.md", "# Plan\n\n<script>evil()</script> *now* ![x](http://spy.example/x.png) ![y](near.png)\n\n[j](javascript:e)"
    )
    after = await box.do("text.convert", path=path, to="html")
    text = after["plan.html"]
    assert isinstance(text, bytes)
    html = text.decode()
    assert "<title>Plan</title>" in html
    assert "<h1>Plan</h1>" in html
    assert "<em>now</em>" in html
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in html
    assert '<a href="http://spy.example/x.png">x</a>' in html
    assert '<img src="near.png" alt="y" />' in html
    assert "javascript:e" not in html.replace("(javascript:e)", "")


async def test_a_page_becomes_markdown(box: Toolbox):
    text = await made(box, box.write("page.html", PAGE), "md")
    assert text.startswith("# Title & more\n\nHello **hall**, [there](https://example.org/a%20b%28c%29)\n")
    assert "- one\n- two\n  3. deep\n" in text
    assert "````\na\n  b```c\n````" in text
    assert "[pixel](http://spy.example/p.png)![near](near.png)" in text
    assert "evil" not in text
    assert r"| Anna \| B | \=1+1 |" in text


async def test_what_a_page_says_in_marks_becomes_none(box: Toolbox):
    page = (
        "<p>![x](http://spy.example/x) &lt;img src=x&gt; # no <a href='javascript:x'>link</a> <a href='//a.example/b'>far</a></p>"
    )
    text = await made(box, box.write("p.htm", page), "md")
    assert "](http://spy" in text
    assert "![" not in text.replace("!\\[", "")
    assert "<img" not in text.replace("\\<img", "")
    assert "javascript" not in text
    assert "[far](https://a.example/b)" in text


async def test_tables_go_from_every_form_into_every_other(box: Toolbox):
    path = box.write("prices.csv", "item;price\nbox;3\nrope;=7\n")
    assert await made(box, path, "md") == "| item | price |\n| --- | --- |\n| box | 3 |\n| rope | =7 |\n"
    assert "<tr><td>rope</td><td>=7</td></tr>" in await made(box, path, "html")
    assert json.loads(await made(box, path, "json")) == [{"item": "box", "price": "3"}, {"item": "rope", "price": "=7"}]
    rows = "item,price\r\nbox,3\r\nrope,'=7\r\n"
    for name in ("md", "html", "json"):
        there = box.write(f"again.{name}", await made(box, path, name))
        assert await made(box, there, "csv") == rows
    assert await made(box, box.write("t.tsv", "item\tprice\nbox\t3\nrope\t=7\n"), "csv") == rows


async def test_json_of_many_shapes(box: Toolbox):
    path = box.write("d.json", '[{"a": 1.50, "b": [1, 2]}, {"a": null, "c": true}]')
    assert await made(box, path, "csv") == 'a,b,c\r\n1.50,"[""1"", ""2""]",\r\n,,true\r\n'
    assert (
        await made(box, box.write("l.json", '[["a", "a", ""], [1]]'), "md")
        == "| a | a (2) |  |\n| --- | --- | --- |\n| 1 |  |  |\n"
    )
    for content in ("3", "[1, 2]", "[]", "{}"):
        with pytest.raises(ArgumentError, match="no table"):
            await box.call("text.convert", path=box.write("x.json", content), to="csv")
    for content in ("[" * 200_000, "{"):
        with pytest.raises(ArgumentError, match="cannot be read"):
            await box.call("text.convert", path=box.write("x.json", content), to="csv")


async def test_of_several_tables_the_first_is_taken_and_said(box: Toolbox):
    path = box.write("two.md", "| a |\n|---|\n| 1 |\n\ntext\n\n| b |\n|---|\n| 2 |\n")
    outcome = await box.call("text.convert", "ru", path=path, to="csv")
    assert outcome.text.endswith("two.csv Только первая таблица из 2.")


async def test_places(box: Toolbox):
    path = box.write("docs/plan.md", "# Plan\n")
    box.write("docs/plan.html", "there")
    outcome = await box.call("text.convert", path=path, to="html")
    assert outcome.changes[0].path == box.path("docs/plan (2).html")
    assert [(taint.argument, taint.origin, taint.source) for taint in outcome.taints] == [("content", "file", path)]
    replaced = await box.call("text.convert", path=path, to="html", target=box.path("docs/plan.html"))
    assert replaced.changes[0].before is not None


async def test_what_cannot_be(box: Toolbox):
    path = box.write("plan.md", "# Plan\n")
    with pytest.raises(ArgumentError, match="is md already"):
        await box.call("text.convert", path=path, to="md")
    with pytest.raises(ArgumentError, match="cannot be converted to md"):
        await box.call("text.convert", path=box.write("a.pdf", "x"), to="md")
    with pytest.raises(ArgumentError, match="no name for html"):
        await box.call("text.convert", path=path, to="html", target=box.path("plan.txt"))
    with pytest.raises(ArgumentError, match="no table"):
        await box.call("text.convert", path=path, to="csv")
    with pytest.raises(ArgumentError, match="no text"):
        await box.call("text.convert", path=box.write("b.md", b"\0\1"), to="html")
    with pytest.raises(NotFoundError):
        await box.call("text.convert", path=box.path("gone.md"), to="html")


@pytest.mark.parametrize("content", ["x" * 10_000_000, "word " * 300_000], ids=["ten megabytes", "a million characters"])
async def test_what_is_too_large_is_refused(box: Toolbox, content: str):
    with pytest.raises(ArgumentError, match="cannot be converted"):
        await box.call("text.convert", path=box.write("big.html", content), to="md")


async def test_a_vast_table_is_refused(box: Toolbox):
    path = box.write("wide.csv", "," * 5000 + "\nx\n")
    with pytest.raises(ArgumentError, match="too large"):
        await box.call("text.convert", path=path, to="md")


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<!--",
        "<![",
        "<a b='",
        "<a \"><a '>",
        "&",
        "&#9999999999;",
        "</",
        "<script></",
        "<b>",
        "<table><tr><td>",
        "<ol><li>",
    ],
)
async def test_broken_pages_are_read_in_one_go(box: Toolbox, piece: str):
    """Each of these took the standard parser minutes, or a stack without end."""
    path = box.write("broken.html", f"<p>before</p>{piece * (120_000 // len(piece))}")
    assert (await made(box, path, "md")).startswith("before")
