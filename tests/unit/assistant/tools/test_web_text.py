"""Pages as tokens and as clean HTML."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.tools.web_text import DEEPEST, Tag, address, cleaned, tokens

TAGS = "<p> </p> <li> <ul> </ul> <b> </b> <td> <table> </table> <tr> <svg> </svg> <body> <script> </script> </a> <br/>"
PIECES = st.lists(st.sampled_from([*TAGS.split(), "<a href='x'>", "<img src=y>", "<!--", "-->", "x", "&lt;", "<", ">", "'", '"']))


def test_tokens():
    found = list(tokens("a &amp; b<!-- no --><A HREF='x&#33;' checked data-x=1>c</a><script>if (a</b)</script >d < e"))
    link = {"href": "x!", "checked": "", "data-x": "1"}
    assert found == [
        "a & b",
        Tag("a", False, link),
        "c",
        Tag("a", True, {}),
        Tag("script", False, {}),
        Tag("script", True, {}),
        "d ",
        "<",
        " e",
    ]


@given(PIECES)
def test_clean_pages_are_well_formed(pieces: list[str]):
    opened: list[str] = []
    for token in tokens(cleaned("".join(pieces))):
        if isinstance(token, str) or token.name in ("br", "img"):
            continue
        if token.closes:
            assert opened.pop() == token.name
        else:
            opened.append(token.name)
            assert len(opened) <= DEEPEST
    assert opened == []


def test_what_hides_is_left_out_and_a_body_shows():
    assert cleaned("<head><meta x><title>t</title><body>a<svg><p>b</p></svg>c<object>d") == "ac"
    assert cleaned("<template><p>x</p></template><noscript>y</noscript>z<marquee>w</marquee>") == "zw"


def test_addresses():
    assert address(" https://a.example/x y(1)<>\n") == "https://a.example/x%20y%281%29%3C%3E"
    assert address("mailto:a@b.example") == "mailto:a@b.example"
    assert address("docs/a.html#b") == "docs/a.html#b"
    assert address("//a.example/b") == "https://a.example/b"
    for refused in ("javascript:x", "JAVASCRIPT:x", "data:text/html,x", "file:///etc", "vbscript:x", "\\\\server\\x"):
        assert address(refused) == ""
