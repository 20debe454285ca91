"""Where texts came from is told, but not a thousand times."""

from pathlib import Path

from assistant.domain.change import Entry, Stamp
from assistant.tools.taints import MOST, from_files, from_names, from_steps
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles, sight


def test_few_sources_are_named(tmp_path: Path):
    stamp = Stamp(kind="file", size=1, mode=0, mtime_ns=0)
    taints = from_names("pattern", [Entry(path=f"/x/{n}", stamp=stamp) for n in range(100)])
    assert (len(taints), taints[0].source, taints[0].excerpt, taints[0].origin) == (MOST, "/x/0", "0", "file name")
    long = from_files("a", [("/f", "x" * 200), ("/f", "again")])
    assert [one.excerpt for one in long] == ["x" * 80]
    assert from_steps({"content": "text"}, sight(DiskFiles(tmp_path), FakeBlobs())) == ()
