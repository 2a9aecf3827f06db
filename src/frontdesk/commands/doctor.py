"""`frontdesk doctor`."""

import sys

import click

from frontdesk.doctor import State, examine


@click.command()
def command() -> None:
    """Say what is configured, what runs on a stand-in, and what is wrong; exit with 1 if something is."""
    findings = examine()
    widest = max(len(finding.about) for finding in findings)
    for finding in findings:
        click.echo(f"{finding.state.value:<8} {finding.about:<{widest}}  {finding.what}")
    sys.exit(any(finding.state is State.WRONG for finding in findings))
