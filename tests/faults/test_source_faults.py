"""The faults of the code fit the code: `make faults` plants them, which takes minutes."""

from pathlib import Path

import pytest

from tests.faults.plant import ROOT, SOURCE_FAULTS, DoesNotFit, plant
from tests.faults.source_faults import Edit, SourceFault


@pytest.mark.parametrize("fault", SOURCE_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_the_code_fits_it(fault: SourceFault) -> None:
    for edit in fault.edits:
        assert (ROOT / edit.file).read_text().count(edit.old) == 1, edit
    file, _, test = fault.caught_by.partition("::")
    assert f"def {test.partition('[')[0]}" in (ROOT / file).read_text()


def test_a_fault_that_fits_no_longer_is_not_planted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one two two")
    plant(Edit("a.py", "one", "three"), tmp_path)
    assert (tmp_path / "a.py").read_text() == "three two two"
    for gone in ("one", "two"):
        with pytest.raises(DoesNotFit):
            plant(Edit("a.py", gone, ""), tmp_path)
