"""No tables: Django tells only apps that have this module that migrations were run."""
