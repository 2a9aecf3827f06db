"""A small repository in a temporary folder, with this one's settings, in which a tool is to find what is planted."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKELETON = {
    "pyproject.toml": (ROOT / "pyproject.toml").read_text(),
    "src/domains/__init__.py": "",
    "src/domains/shared/__init__.py": "",
    "src/domains/shared/ids.py": "import msgspec\n\nNAME = msgspec.__name__\n",
    "src/domains/identity/__init__.py": "",
    "src/domains/tenants/__init__.py": "from domains.shared.ids import NAME\n\n__all__ = ['NAME']\n",
    "src/domains/customers/__init__.py": "from domains.tenants import NAME\n\n__all__ = ['NAME']\n",
    "src/infra/__init__.py": "from domains.customers import NAME\n\n__all__ = ['NAME']\n",
    "src/infra/mail.py": "import json\n\nEMPTY = json.dumps({})\n",
    "src/infra/sandbox/__init__.py": "import json\n\nEMPTY = json.dumps({})\n",
    "src/api/__init__.py": "from domains.customers import NAME\n\n__all__ = ['NAME']\n",
    "src/workers/__init__.py": "from domains.customers import NAME\n\n__all__ = ['NAME']\n",
    "src/frontdesk/__init__.py": "import api\nimport infra\nimport workers\n\n__all__ = ['api', 'infra', 'workers']\n",
    "tests/test_a.py": "def test_a() -> None:\n    assert int('1') == 1\n",
    "migrations/env.py": '"""Runs the revisions."""\n',
}
_PLAIN = {"NO_COLOR": "1", "CI": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class Planted:
    """The skeleton with some files put in or replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put(SKELETON)

    def put(self, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def run(self, tool: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's tools in the folder, its own `src` in front of the real one."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        if tool == "pytest":
            arguments = ("-p", "pytest_asyncio.plugin", "-p", "xdist.plugin", *arguments)
        return subprocess.run(
            [Path(sys.executable).parent / tool, *arguments],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": f"{self.folder / 'src'}:{ROOT}", **_PLAIN, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
