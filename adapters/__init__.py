"""Adapters: a platform's event to a call of the service, and the answer to the platform's payload."""
