"""Process 1 of a container: starts the kernel, carries its streams over the container's own, and ends with it.

The host's lines come on stdin. The first that is a JSON object says what to run; later ones are JSON arrays, which are
the kernel's, or strings, which are orders. All else is skipped: engines write there too.
What the kernel writes leaves on stdout in frames: channel (1 byte), three zero bytes, length (4 bytes, big-endian) and
the bytes themselves. Standard library only.
"""

import base64
import ctypes
import fcntl
import json
import os
import selectors
import signal
import socket
import struct
import sys

READ_BYTES = 65536
# Above this much unsent output nothing more is read: the code then waits for the host.
MOST_UNSENT_BYTES = 256 * 1024
LAST_WORDS_BYTES = 1024 * 1024
FAREWELL_SECONDS = 2
REPLIES, STDOUT, STDERR, ENDED = 1, 2, 3, 4
DESCRIPTORS = {REPLIES: 3, STDOUT: 1, STDERR: 2}
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER_MODE = 4, 22, 38, 2
INSTRUCTION_BYTES = 8


class Lines:
    """The lines of a descriptor, as they become complete."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.rest = b""

    def read(self):
        """Complete lines; None at the end of the stream."""
        chunk = os.read(self.descriptor, READ_BYTES)
        if not chunk:
            return None
        *lines, self.rest = (self.rest + chunk).split(b"\n") if b"\n" in chunk else ([self.rest + chunk])
        return lines


def read_setup(lines):
    """What to run, and the lines that came after it already."""
    while True:
        fresh = lines.read()
        if fresh is None:
            sys.exit("The host has gone.")
        for at, line in enumerate(fresh):
            setup = parse_object(line)
            if "kernel" in setup:
                return setup, fresh[at + 1 :]


def parse_object(line):
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def check_confinement(setup):
    """Whatever the engine was asked for and did not do ends the container before any code runs."""
    status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
    interfaces = [line.split(":")[0].strip() for line in open("/proc/net/dev").read().splitlines()[2:]]
    for holds, complaint in [
        (os.getpid() == 1, "The container shares the processes of another."),
        (os.getuid() != 0 and os.getgid() != 0, "The container runs as root."),
        (int(status["CapBnd"], 16) == 0 and int(status["CapEff"], 16) == 0, "The container has capabilities."),
        (status["NoNewPrivs"].strip() == "1", "The container may gain privileges."),
        (os.statvfs("/").f_flag & os.ST_RDONLY, "The container's file system can be written."),
        (not [name for name in interfaces if name != "lo"], "The container has a network."),
        (os.path.exists(setup["mark"]), "The engine does not see the server's workspaces: it must run on the same machine."),
    ]:
        if not holds:
            sys.exit(complaint)
    os.unlink(setup["mark"])


def confine(filters):
    """The same filter of system calls as everywhere, on top of the engine's; and nobody reads this process."""
    machine = os.uname().machine
    if machine not in filters:
        sys.exit(f"There is no filter for {machine}.")
    code = base64.b64decode(filters[machine])
    instructions = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    program = Program(len(code) // INSTRUCTION_BYTES, ctypes.addressof(instructions))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or prctl(PR_SET_SECCOMP, FILTER_MODE, ctypes.byref(program)) != 0:
        sys.exit(f"The filter of system calls was refused: {os.strerror(ctypes.get_errno())}.")


def start_kernel(setup, inner):
    child = os.fork()
    if child != 0:
        return child
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Above all targets, so that none is closed before it was copied.
    high = {target: fcntl.fcntl(inner[channel], fcntl.F_DUPFD, 16) for channel, target in DESCRIPTORS.items()}
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for target, source in high.items():
        os.dup2(source, target)
    command = [sys.executable, "-I", "-B", "-c", setup["kernel"]]
    os.execve(sys.executable, command, setup["environment"])


class Carrier:
    """Moves bytes between host and kernel. Never waits for the one while the other wants something."""

    def __init__(self, kernel, outer, lines):
        self.kernel, self.lines = kernel, lines
        self.outer = outer
        self.channels = {descriptor: channel for channel, descriptor in outer.items()}
        self.for_kernel, self.for_host = bytearray(), bytearray()
        self.selector = selectors.DefaultSelector()
        self.watched = {}
        self.wakeup, waker = os.pipe()
        for descriptor in (self.wakeup, waker, 0, 1, *self.channels):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker)

    def carry(self):
        """Until the kernel or the host has gone."""
        while not self.has_kernel_ended():
            self.watch_what_can_be_moved()
            for key, events in self.selector.select():
                if not self.move(key.fd, events):
                    return
        self.say_farewell()

    def watch_what_can_be_moved(self):
        wanted = {0: selectors.EVENT_READ, self.wakeup: selectors.EVENT_READ}
        if self.for_host:
            wanted[1] = selectors.EVENT_WRITE
        for descriptor in self.channels:
            events = selectors.EVENT_READ if len(self.for_host) < MOST_UNSENT_BYTES else 0
            if descriptor == self.outer[REPLIES] and self.for_kernel:
                events |= selectors.EVENT_WRITE
            if events:
                wanted[descriptor] = events
        for descriptor in self.watched.keys() - wanted.keys():
            self.selector.unregister(descriptor)
        for descriptor, events in wanted.items():
            if descriptor not in self.watched:
                self.selector.register(descriptor, events)
            elif self.watched[descriptor] != events:
                self.selector.modify(descriptor, events)
        self.watched = wanted

    def move(self, descriptor, events):
        """Whether to go on."""
        if descriptor == self.wakeup:
            os.read(self.wakeup, READ_BYTES)
        elif descriptor == 0:
            return self.take_lines()
        elif descriptor == 1:
            send(1, self.for_host)
        else:
            if events & selectors.EVENT_WRITE:
                send(descriptor, self.for_kernel)
            if events & selectors.EVENT_READ:
                self.take_output(descriptor)
        return True

    def take_lines(self):
        lines = self.lines.read()
        for line in lines or []:
            self.obey(line)
        return lines is not None

    def obey(self, line):
        if line.startswith(b"["):
            self.for_kernel += line + b"\n"
        elif line == b'"interrupt"':
            signal_quietly(os.killpg, self.kernel, signal.SIGINT)
        elif line == b'"pause"':
            # From process 1 this reaches all others, at once and whatever they do meanwhile.
            signal_quietly(os.kill, -1, signal.SIGSTOP)
        elif line == b'"resume"':
            signal_quietly(os.kill, -1, signal.SIGCONT)

    def take_output(self, descriptor):
        """The bytes that there were; none at the end, too."""
        try:
            chunk = os.read(descriptor, READ_BYTES)
        except (BlockingIOError, ConnectionError):
            return 0
        if chunk:
            self.for_host += frame(self.channels[descriptor], chunk)
        else:
            # The code has closed it in every process: what else there is still counts.
            self.channels.pop(descriptor)
        return len(chunk)

    def has_kernel_ended(self):
        """Takes every process that has ended, such as lost their parents too."""
        ended = False
        try:
            while True:
                pid, _ = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return ended
                ended = ended or pid == self.kernel
        except ChildProcessError:
            return True

    def say_farewell(self):
        """The kernel's last words, and a moment for the host to look at the container before it goes."""
        taken = 0
        for descriptor in list(self.channels):
            while taken < LAST_WORDS_BYTES and (count := self.take_output(descriptor)) > 0:
                taken += count
        self.for_host += frame(ENDED, b"")
        for descriptor in (0, 1):
            os.set_blocking(descriptor, True)
        # Process 1 does not die of a signal that it has no handler for.
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.alarm(FAREWELL_SECONDS)
        while self.for_host:
            send(1, self.for_host)
        while self.lines.read() is not None:
            pass


def send(descriptor, pending):
    try:
        del pending[: os.write(descriptor, pending)]
    except BlockingIOError:
        pass
    except OSError:
        # Whoever read it has gone, which shows elsewhere.
        pending.clear()


def frame(channel, data):
    return struct.pack(">BxxxI", channel, len(data)) + data


def signal_quietly(send_signal, target, number):
    try:
        send_signal(target, number)
    except OSError:
        pass


def main():
    # The code may send signals here.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines = Lines(0)
    setup, early = read_setup(lines)
    check_confinement(setup)
    pairs = {channel: socket.socketpair() for channel in DESCRIPTORS}
    confine(setup["filters"])
    kernel = start_kernel(setup, {channel: inner.fileno() for channel, (_, inner) in pairs.items()})
    for _, inner in pairs.values():
        inner.close()
    carrier = Carrier(kernel, {channel: outer.fileno() for channel, (outer, _) in pairs.items()}, lines)
    for line in early:
        carrier.obey(line)
    carrier.carry()


main()
