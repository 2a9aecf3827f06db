"""The container files are valid, ask for every secret, and use no variable that `.env.example` does not explain."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.compose import documented, problems
from tests.house.planted import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()

PLANTED = [
    ("${DOMAIN}", "${DOMAIN_NAME}", "DOMAIN_NAME is not in .env.example"),
    ("LOG_FORMAT: json", "LOG_SHAPE: json", "LOG_SHAPE is not in .env.example"),
    ("  SENTRY_DSN:\n", "", "SENTRY_DSN does not reach api"),
    ("  JWT_PREVIOUS_SECRETS:\n", "  JWT_PREVIOUS_SECRETS: known\n", "JWT_PREVIOUS_SECRETS is written down"),
    ("${REDIS_PASSWORD:?letters and digits}", "${REDIS_PASSWORD:-redis}", "REDIS_PASSWORD must be asked for"),
    ("${ADMIN_DATABASE_PASSWORD:?letters and digits}", "postgres", "POSTGRES_PASSWORD is written down"),
    ("  caddy:\n    image", "  proxy:\n    image", "service caddy is missing"),
    ("image: postgres:18", "image: postgres", "postgres is not pinned to a version"),
    ("127.0.0.1:8025:8025", "8025:8025", "mail is open to the network"),
    ("api: {condition: service_healthy}", "web: {condition: service_healthy}", "caddy depends on web"),
    (
        "api: {condition: service_healthy}",
        "worker: {condition: service_healthy}",
        "caddy waits for the health of worker",
    ),
    ("test: [CMD, mc, ready, local]", "disable: true", "objects has no health check"),
]


def test_the_compose_file_is_in_order() -> None:
    assert problems(COMPOSE, EXAMPLE) == []


@pytest.mark.parametrize(("right", "wrong", "said"), PLANTED)
def test_a_planted_fault_is_seen(right: str, wrong: str, said: str) -> None:
    assert COMPOSE.count(right) > 0
    assert any(problem.startswith(said) for problem in problems(COMPOSE.replace(right, wrong, 1), EXAMPLE))


def test_compose_itself_reads_the_file_where_it_is_installed(tmp_path: Path) -> None:
    filled = tmp_path / "env"
    filled.write_text("".join(f"{name}=abcdefgh{name.lower()}0123456789abcdefgh\n" for name in documented(EXAMPLE)))
    command = installed_compose()
    assert command is None or read_by(command, filled, COMPOSE, tmp_path) == 0
    assert command is None or read_by(command, filled, COMPOSE.replace("restart:", "restrat:"), tmp_path) != 0


def test_the_image_runs_without_root_rights_and_without_tools_for_development() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER 10001\n" in final
    assert "\nHEALTHCHECK " in final
    assert "uv sync --frozen --no-default-groups\n" in DOCKERFILE
    assert "--group" not in DOCKERFILE


def installed_compose() -> list[str] | None:
    """The plugin of Docker or the older program; None where there is neither."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    return [older] if (older := shutil.which("docker-compose")) else None


def read_by(command: list[str], filled: Path, compose: str, folder: Path) -> int:
    file = folder / "docker-compose.yml"
    file.write_text(compose)
    arguments = ["--env-file", str(filled), "-f", str(file), "config", "-q"]
    return subprocess.run([*command, *arguments], capture_output=True, check=False, timeout=60).returncode
