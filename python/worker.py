"""What the server starts. It says so itself when the interpreter is too old for the rest."""

import sys

if sys.version_info < (3, 10):
    import json
    import os

    found = "%s (Python %d.%d)" % (sys.executable, sys.version_info[0], sys.version_info[1])
    reason = "%s is too old for the code of a crew: Python 3.10 or newer is needed" % found
    os.write(4, (json.dumps({"type": "ends", "call": None, "reason": reason}) + "\n").encode())
    sys.exit(1)

# Processes that multiprocessing starts import this file, too.
if __name__ == "__main__":
    from coxswain_worker.main import main

    main()
