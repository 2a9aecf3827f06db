"""What is refused of credentials, beyond what every domain does."""

from domains.shared.errors import FeatureDisabled


class TextingDisabled(FeatureDisabled):
    """No provider sends texts for this installation."""
