"""How providers of webhooks show who they are."""
