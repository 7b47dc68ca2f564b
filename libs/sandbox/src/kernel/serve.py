"""The transport of an operating-system process: requests and events as JSON lines on descriptor 3.

stdout and stderr are descriptors 1 and 2 themselves, so that subprocesses are heard too. At a cell's end the
call's nonce goes to both as a mark: the host then knows that it has read everything.
"""

import json
import resource

CONTROL = 3
LIMITS = {
    "processes": resource.RLIMIT_NPROC,
    "fileBytes": resource.RLIMIT_FSIZE,
    "descriptors": resource.RLIMIT_NOFILE,
    "dataBytes": resource.RLIMIT_DATA,
}


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def apply_limits(limits):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in limits.items():
        hard = resource.getrlimit(LIMITS[name])[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(LIMITS[name], (wanted, wanted))


def open_streams():
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)


def flush_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def serve():
    os.closerange(CONTROL + 1, 1 << 16)
    os.set_inheritable(CONTROL, False)
    requests = open(CONTROL, "rb", closefd=False)
    own_process = os.getpid()
    copies = {1: os.dup(1), 2: os.dup(2)}
    nonce = ""

    def send(event):
        write_all(CONTROL, json.dumps({"call": nonce, **event}).encode() + b"\n")

    kernel = Kernel(send)
    _signal.signal(_signal.SIGINT, kernel.on_interrupt)
    apply_limits(json.loads(requests.readline())["limits"])
    send({"event": "ready"})
    for line in requests:
        request = json.loads(line)
        nonce = request["call"]
        for descriptor, copy in copies.items():
            os.dup2(copy, descriptor)
        open_streams()
        status = kernel.run(request["code"])
        flush_streams()
        if os.getpid() != own_process:
            os._exit(0)
        for copy in copies.values():
            write_all(copy, nonce.encode())
        send({"event": "done", "status": status})


serve()
