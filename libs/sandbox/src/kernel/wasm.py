"""The transport of a WebAssembly interpreter: the program around it calls `run` and provides `send_text`."""

import json
import random
import time

SLEEP_SLICE = 0.05
sleep_at_once = time.sleep


def sleep(seconds):
    """Sleeps in slices: an interrupt is only seen between them."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > SLEEP_SLICE:
        sleep_at_once(SLEEP_SLICE)
    sleep_at_once(max(left, 0) if seconds >= 0 else seconds)


time.sleep = sleep
# The interpreter's memory may be that of another, from before any cell: its random numbers would be the same.
random.seed()


def run(source):
    open_streams()
    status = kernel.run(source)
    flush_streams()
    return status


kernel = Kernel(lambda event: send_text(json.dumps(event)))
