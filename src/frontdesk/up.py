"""`frontdesk up`: everything on one machine, in the foreground, set up if need be."""

import asyncio
import errno
import http.client
import importlib.metadata
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from frontdesk import databases
from frontdesk.demo_login import DEMO_EMAIL
from frontdesk.migrating import upgrade
from frontdesk.parts import Command, Part, Postgres
from frontdesk.refusal import Refusal
from frontdesk.secrets_file import GeneratedSecrets, read_or_make
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopRequested, StopSignals
from frontdesk.stripe_stand_in import environment_of
from frontdesk.supervisor import Supervisor, end_of_log
from infra import file_lock
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.roles import DatabaseUrls
from infra.postgres.server_failed import explained

_HEALTHY_SECONDS = 90
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound


class Up:
    """Runs until it is told to stop. Raise `Refusal` or `ServerFailed` when it cannot go on."""

    def __init__(self, settings: Settings, *, parent: int, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._signals = StopSignals(parent=parent)
        self._supervisor = Supervisor(say)

    def run(self) -> None:
        with ExitStack() as held:
            try:
                self._signals.listen()
                self._claim(held)
                self._serve()
            except StopRequested:
                self._say("Stopping.")
            finally:
                self._stop()
                self._signals.done()
        self._say("Stopped.")

    def _claim(self, held: ExitStack) -> None:
        """Make sure that nothing else uses the port and the data folder."""
        folder = self._settings.data_dir
        if self._settings.is_production:
            raise Refusal("`frontdesk up` is not for production: run `frontdesk migrate`, `api` and `worker` there.")
        _check_port(self._settings.host, self._settings.port)
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(0o755)
            self._settings.logs.mkdir(mode=0o700, exist_ok=True)
            held.enter_context(file_lock.take(folder / "up.lock"))
        except OSError as error:
            raise explained(error, folder) from error
        except file_lock.Held as other:
            raise Refusal(f"The data folder {folder} is in use by `frontdesk up` (process {other.holder}).") from None

    def _serve(self) -> None:
        began = time.monotonic()
        self._say(f"Frontdesk {importlib.metadata.version('frontdesk')}, with its data in {self._settings.data_dir}")
        generated = read_or_make(self._settings.data_dir)
        urls = self._database()
        env = self._environment(urls, generated)
        demo = Command("demo", env={**env, "FRONTDESK_DEMO_QUICK": "1"}, logs=self._settings.logs)
        with self._step("API and worker"):
            self._start_servers(env)
            demo.start()
            self._wait_until_healthy()
        with self._step("Demo tenant"):
            self._wait_for(demo)
        self._introduce(generated, time.monotonic() - began)
        self._supervisor.watch_until(lambda: False)

    def _database(self) -> DatabaseUrls:
        server_url = None
        if self._settings.database_url is None:
            with self._step("PostgreSQL"):
                server = EmbeddedPostgres(self._settings.postgres_folder, say=self._say)
                self._supervisor.start([Postgres(server)])
                server_url = server.admin_url
        with self._step("Database roles"):
            urls = self._signals.run(databases.prepared(self._settings, server_url=server_url))
        with self._step("Migrations"):
            self._signals.run(asyncio.to_thread(upgrade, urls.owner))
        return urls

    def _environment(self, urls: DatabaseUrls, generated: GeneratedSecrets) -> dict[str, str]:
        settings = self._settings
        mail = {} if settings.smtp_url else {"SMTP_URL": f"smtp://127.0.0.1:{_free_port()}", "FRONTDESK_SANDBOX": "on"}
        card = {} if settings.stripe.secret_key else environment_of(generated.jwt_secret, port=_free_port())
        return {
            "DRAIN_SECONDS": "0",
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "FRONTDESK_DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": urls.app,
            "DATABASE_RELAY_URL": urls.relay,
            "DATABASE_OWNER_URL": "",
            "JWT_SECRET": settings.jwt_secret or generated.jwt_secret,
            "DATA_KEY": ",".join(settings.data_keys) or generated.data_key,
            **mail,
            **card,
        }

    def _start_servers(self, env: dict[str, str]) -> None:
        logs = self._settings.logs
        if not self._settings.smtp_url:
            self._supervisor.start([Command("sandbox", env=env, logs=logs)])
        if not self._settings.stripe.secret_key:
            self._supervisor.start([Command("stripe-stand-in", env=env, logs=logs)])
        servers: list[Part] = [Command(name, env=env, logs=logs) for name in ("api", "worker")]
        self._supervisor.start(servers)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + _HEALTHY_SECONDS

        def is_settled() -> bool:
            return _is_healthy(self._settings) or time.monotonic() > deadline

        self._supervisor.watch_until(is_settled)
        if time.monotonic() > deadline:
            raise Refusal(f"The API is not healthy after {_HEALTHY_SECONDS} seconds: see {self._settings.logs}.")

    def _wait_for(self, demo: Command) -> None:
        try:
            self._supervisor.watch_until(lambda: demo.ended() is not None)
        finally:
            demo.stop(patience=0)
        if not demo.has_succeeded():
            self._say(f"The demo tenant could not be made. {end_of_log(demo)}")

    def _introduce(self, generated: GeneratedSecrets, seconds: float) -> None:
        address = self._settings.public_url
        self._say(f"Ready after {seconds:.1f} s.")
        self._say(f"  API    {address}/api/v1")
        self._say(f"  Docs   {address}/docs")
        self._say(f"  Login  {DEMO_EMAIL} / {generated.demo_password}")
        self._say(f"  Logs   {self._settings.logs}")
        self._say("Ctrl-C stops it.")

    def _stop(self) -> None:
        try:
            self._supervisor.stop()
        except StopRequested:
            self._say("Stopping at once.")
            self._supervisor.stop(patience=0)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        self._say(f"  {what} …")
        yield
        self._say(f"  {what}: {time.monotonic() - began:.1f} s")


def _check_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise Refusal(_unusable(error, host, port)) from None


def _unusable(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program: set PORT to a free one."
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to this user: set PORT to one above 1023."
    return f"HOST {host} cannot be listened on: {error.strerror}."


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _is_healthy(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(_EVERY_ADDRESS.get(settings.host, settings.host), settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
