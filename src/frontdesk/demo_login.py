"""Who the demo tenant's owner is. The password is one of the generated secrets."""

DEMO_EMAIL = "owner@demo.test"
