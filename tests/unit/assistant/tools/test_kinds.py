"""Kinds of files by their endings."""

from assistant.tools.kinds import KINDS, kind_of, kind_word


def test_kinds():
    assert (kind_of("a.JPG"), kind_of("a.tar.gz"), kind_of("Makefile"), kind_of(".png")) == ("image", "archive", "other", "other")
    assert (kind_word("a.pdf", "ru"), kind_word("a.pdf", "ru", one=True)) == ("Документы", "документ")
    assert (kind_word("a.mp3", "en"), kind_word("a.mp3", "de", one=True)) == ("Music", "audio")
    endings = [one for words in KINDS.values() for one in words[4].split()]
    assert len(endings) == len(set(endings))
