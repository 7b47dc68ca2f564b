"""The transport of an operating-system process: requests and events as JSON lines on descriptor 3.

stdout and stderr are descriptors 1 and 2 themselves, so that subprocesses are heard too. At a cell's end the
call's nonce goes to both as a mark: the host then knows that it has read everything.
"""

import resource

# What the json module is made of: json itself imports much that a kernel's start would wait for.
from _json import encode_basestring_ascii as quote
from _json import scanstring

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


def read_strings(line):
    """The strings of a line that is a JSON array of strings."""
    text, strings, at = line.decode(), [], 1
    while text[at] == '"':
        string, at = scanstring(text, at + 1)
        strings.append(string)
        at += 1
    return strings


def apply_limits(strings):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in zip(strings[::2], map(int, strings[1::2])):
        hard = resource.getrlimit(LIMITS[name])[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(LIMITS[name], (wanted, wanted))


def preload_unheard(names):
    """What modules print while they are imported must not become the output of the first cell."""
    if not names:
        return
    heard = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    preload(names)
    os.dup2(heard[0], 1)
    os.dup2(heard[1], 2)
    for descriptor in (*heard, nowhere):
        os.close(descriptor)


def serve():
    os.closerange(CONTROL + 1, 1 << 16)
    os.set_inheritable(CONTROL, False)
    requests = open(CONTROL, "rb", closefd=False)
    own_process = os.getpid()
    copies = {1: os.dup(1), 2: os.dup(2)}
    nonce = ""

    def send(event):
        fields = {"call": nonce, **event}
        members = ",".join(f"{quote(name)}:{quote(value)}" for name, value in fields.items())
        write_all(CONTROL, f"{{{members}}}\n".encode())

    kernel = Kernel(send)
    _signal.signal(_signal.SIGINT, kernel.on_interrupt)
    apply_limits(read_strings(requests.readline()))
    start_forwarder()
    preload_unheard(read_strings(requests.readline()))
    send({"event": "ready"})
    for line in requests:
        nonce, source = read_strings(line)
        for descriptor, copy in copies.items():
            os.dup2(copy, descriptor)
        open_streams()
        status = kernel.run(source)
        flush_streams()
        if os.getpid() != own_process:
            os._exit(0)
        for copy in copies.values():
            write_all(copy, nonce.encode())
        send({"event": "done", "status": status})


serve()
