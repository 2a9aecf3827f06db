"""OpenTelemetry traces: a span for each request or envelope, and one for each transaction inside."""
