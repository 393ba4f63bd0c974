"""Prefect flows, their stages and the `jaiza` command: the only room that imports prefect."""
