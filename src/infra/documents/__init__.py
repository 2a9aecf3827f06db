"""Documents as PDF, by Typst."""
