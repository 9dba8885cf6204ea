"""The heartbeat of the worker: its silence is an outage, noticed by whoever looks next and kept for ever."""
