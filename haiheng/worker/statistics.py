"""What SQLite knows of its tables, by which it chooses the index of a query. PostgreSQL counts by itself."""

from django.db import connection


def refresh() -> None:
    """Count the rows of every index anew: without it, lists of very many articles are read whole and sorted.

    Takes two seconds for a hundred thousand articles. Other processes know it when they next open a connection.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
