"""Which adapter stands behind which port, and how long each lives: a provider for each domain."""
