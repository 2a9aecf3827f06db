"""Whether there is room for files."""

import asyncio
from pathlib import Path

import pytest

from infra.files.room import FilesHealth, NoRoom


def test_a_folder_that_is_to_be_made_is_as_good_as_the_one_above(tmp_path: Path) -> None:
    asyncio.run(FilesHealth(tmp_path / "files" / "jobs", least=1).check())
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_with_less_than_the_least_is_down(tmp_path: Path) -> None:
    with pytest.raises(NoRoom):
        await FilesHealth(tmp_path, least=2**63).check()


async def test_a_place_that_takes_no_files_is_down() -> None:
    with pytest.raises(OSError, match=r"proc"):
        await FilesHealth(Path("/proc/self"), least=0).check()
