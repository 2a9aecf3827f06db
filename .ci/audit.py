"""Looks up the locked packages in the public list of vulnerabilities (pip-audit).

A vulnerability found fails. A list that cannot be reached does not, and is said: pip-audit itself reports "no known
vulnerabilities" for packages that it could not look up.

Use: `python .ci/audit.py < requirements.txt`
"""

import json
import subprocess
import sys
from typing import NamedTuple

_COMMAND = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off"]
_LONGEST = 120


class Verdict(NamedTuple):
    """What to say, and whether the check fails."""

    lines: list[str]
    fails: bool


def verdict(answer: str) -> Verdict:
    """Judge what pip-audit printed; nothing readable, or nothing found, means that the list was not reached."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        packages = []
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return Verdict(["audit: the list of vulnerabilities is out of reach, nothing was looked up"], fails=False)
    found = [
        f"audit: {package['name']} {package['version']} has {vulnerability['id']},"
        f" mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in known
        for vulnerability in package["vulns"]
    ]
    summary = f"audit: {len(known)} of {len(packages)} packages looked up, {len(found)} vulnerabilities"
    return Verdict([*found, summary], fails=bool(found))


def main() -> int:
    packages = sys.stdin.read()
    if not packages.strip():
        print("audit: no list of packages was given")
        return 1
    found = verdict(looked_up(packages))
    print("\n".join(found.lines))
    return int(found.fails)


def looked_up(packages: str) -> str:
    """What pip-audit prints about a list of pinned packages; nothing when it takes too long."""
    try:
        ran = subprocess.run(  # noqa: S603 - a fixed command; the packages are its input
            [*_COMMAND, "-r", "/dev/stdin"],
            input=packages,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return ran.stdout


if __name__ == "__main__":
    sys.exit(main())
