"""Why a command does not do what it was asked to."""


class Refusal(Exception):
    """What the operator has to put right, one clear line for each thing. Commands print it and exit with 1."""
