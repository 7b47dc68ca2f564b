"""Where a session may reach hosts: carries connections from a port of the sandbox's own loopback to the host's proxy.

It runs as a process among the code's, which may end it or talk past it: what may be reached is decided at the other
end of the socket.
"""

PROXY_SOCKET = "/run/egress.sock"
PROXY_PORT = 3128
PACKAGES = "/tmp/packages"
MOST_FORWARDED = 64
MOST_PENDING_BYTES = 256 * 1024


class Direction:
    """What one end of a connection says to the other."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.pending = bytearray()
        self.has_ended = False
        self.is_over = False

    def read(self):
        chunk = self.source.recv(65536)
        self.pending += chunk
        self.has_ended = not chunk

    def write(self):
        del self.pending[: self.target.send(self.pending)]

    def end_if_over(self, no_more):
        if self.has_ended and not self.pending and not self.is_over:
            self.is_over = True
            self.target.shutdown(no_more)


def start_forwarder():
    """Returns once the port is open. Does nothing where there is no proxy."""
    if not os.path.exists(PROXY_SOCKET):
        return
    os.makedirs(PACKAGES, exist_ok=True)
    sys.path.append(PACKAGES)
    ready, opened = os.pipe()
    child = os.fork()
    if child == 0:
        # Twice, so that no wait() of the code's meets it.
        if os.fork() == 0:
            try:
                become_forwarder(opened)
            finally:
                os._exit(1)
        os._exit(0)
    os.close(opened)
    os.waitpid(child, 0)
    os.read(ready, 1)
    os.close(ready)


def become_forwarder(opened):
    import socket

    os.setsid()
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.dup2(opened, CONTROL)
    os.closerange(CONTROL + 1, 1 << 16)
    with socket.create_server(("127.0.0.1", PROXY_PORT), backlog=MOST_FORWARDED) as listener:
        listener.setblocking(False)
        os.write(CONTROL, b"1")
        os.close(CONTROL)
        forward(listener)


def forward(listener):
    import select
    import socket

    connections = []
    while True:
        directions = [direction for connection in connections for direction in connection]
        readers = [each.source for each in directions if not each.has_ended and len(each.pending) < MOST_PENDING_BYTES]
        writers = [each.target for each in directions if each.pending]
        if len(connections) < MOST_FORWARDED:
            readers.append(listener)
        readable, writable, _ = select.select(readers, writers, [])
        if listener in readable:
            connections += accept(listener, socket)
        for connection in list(connections):
            if not carry(connection, readable, writable, socket.SHUT_WR):
                connections.remove(connection)
                for direction in connection:
                    direction.source.close()


def accept(listener, socket):
    """The two directions of a new connection; none if the proxy takes no more."""
    try:
        client, _ = listener.accept()
    except OSError:
        return []
    proxy = socket.socket(socket.AF_UNIX)
    try:
        proxy.setblocking(False)
        client.setblocking(False)
        proxy.connect(PROXY_SOCKET)
    except OSError:
        proxy.close()
        client.close()
        return []
    return [(Direction(client, proxy), Direction(proxy, client))]


def carry(connection, readable, writable, no_more):
    """Whether the connection goes on."""
    try:
        for direction in connection:
            if direction.source in readable:
                direction.read()
            if direction.target in writable:
                direction.write()
            direction.end_if_over(no_more)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return not all(direction.is_over for direction in connection)
