"""The transport of a WebAssembly interpreter: the program around it calls `run` and provides `send_text`."""

import json
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


def run(source):
    open_streams()
    status = kernel.run(source)
    flush_streams()
    return status


kernel = Kernel(lambda event: send_text(json.dumps(event)))
