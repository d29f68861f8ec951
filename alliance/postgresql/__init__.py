"""Django's PostgreSQL with a quicker answer to "is this connection still there?"."""
