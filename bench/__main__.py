"""`make bench`: every figure beside its baseline from the same run, as a table and as bench/out.json; exit 1 where one
falls short. `--quick` only shows that all of it runs; words choose groups: sql, grown, expiry, web, chains, mail.
"""

import os
import sys

from bench import server
from bench.figures import FULL, QUICK, Row, show

_GROUPS = {"sql", "grown", "expiry", "web", "chains", "mail"}


def main(words: list[str]) -> int:
    """Runs the chosen groups. 0 when every figure held, or in a quick look."""
    quick = "--quick" in words
    size = QUICK if quick else FULL
    chosen = {word for word in words if not word.startswith("-")} or _GROUPS
    os.environ.setdefault("ACTIVKODE_PEOPLE", "0")
    os.environ.setdefault("SECRET_KEY", "bench keeps no secret")
    rows: list[Row] = []
    with server.running() as running:
        server.prepare(running)
        from bench import chains, mail, sql, web

        rent = 0.0
        if chosen & {"sql", "web"}:
            found, rent = sql.rents(running, size)
            rows += found
        if "expiry" in chosen:
            rows += sql.expiry(running, size)
        if "web" in chosen:
            rows += web.figures(running, size, rent)
        if "grown" in chosen:
            rows += sql.grown(running, size)
        if "chains" in chosen:
            rows += chains.bitcoin(running, size) + chains.arrival(running, size)
        if "mail" in chosen:
            rows += mail.figures(size)
    show(rows)
    return 0 if quick or all(each.held for each in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
