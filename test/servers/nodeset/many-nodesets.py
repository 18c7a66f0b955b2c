"""Runs ClusterShell's own `nodeset` command many times in one process: starting Python takes longer than all its work.

Each line of stdin is a JSON list of arguments; each line of stdout is what that command line printed and ended with.
"""

import contextlib
import io
import json
import sys

from ClusterShell.CLI.Nodeset import main


def nodeset(arguments):
    sys.argv = ["nodeset", *arguments]
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return {"code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}


commands = [json.loads(line) for line in sys.stdin]
for command in commands:
    print(json.dumps(nodeset(command)))
