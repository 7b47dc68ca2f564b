import type { Family } from '../hostile-program.js';

/** The neighbour is a session of another project, in which lies a file and listens a server. */
export const TENANTS: Family = {
  family: "other tenants' sessions",
  programs: [
    {
      name: "finds a neighbour's file anywhere",
      code: `
for top in ["/mnt", "/tmp", "/dev/shm", "/run", "/var", "/home", "/root", "/srv", "/opt"]:
    for folder, _, names in os.walk(top):
        if W["neighbour_file"] in names:
            escaped(folder)
            show(os.path.join(folder, W["neighbour_file"]))`,
    },
    {
      name: 'lists the folder above its own',
      code: 'found = attempt(os.listdir, "/mnt/data/..") or []\nif found not in (["data"], []): escaped(found)',
    },
    {
      name: "sees a neighbour's processes",
      where: 'process',
      code: 'seen = [name for name in os.listdir("/proc") if name.isdigit()]\nif len(seen) > 4: escaped(seen)',
    },
    {
      name: 'kills every process it may',
      where: 'process',
      code: 'import signal\nfor number in (signal.SIGTERM, signal.SIGKILL): attempt(os.kill, -1, number)',
    },
    {
      name: 'kills processes by every number',
      where: 'process',
      code: `
import signal
for number in [W["victim"], W["server_process"], *range(max(2, W["victim"] - 200), W["victim"] + 200)]:
    if number not in (os.getpid(), os.getppid()): attempt(os.kill, number, signal.SIGKILL)
    if number not in (os.getpid(), os.getppid()): attempt(os.killpg, number, signal.SIGKILL)`,
    },
    {
      name: "takes a descriptor out of another's process",
      where: 'process',
      code: `
for number in [1, W["victim"], W["server_process"]]:
    opened = syscall(434, 434, number, 0)
    if opened >= 0:
        if number != 1: escaped(f"pidfd of {number}")
        refused("pidfd_getfd", 438, 438, opened, 0, 0)`,
    },
    {
      name: "connects to a neighbour's server",
      where: 'process',
      code: `
import socket
with socket.socket(socket.AF_UNIX) as client:
    if attempt(lambda: client.connect("\\0" + W["neighbour_socket"]) or True): escaped("connected")`,
    },
    {
      name: 'shares System V memory, queues or semaphores',
      where: 'process',
      code: `
refused("shmget", 29, 194, 4711, 4096, 0o1666)
refused("msgget", 68, 186, 4711, 0o1666)
for name in ["shm", "msg", "sem"]:
    if len((read(f"/proc/sysvipc/{name}") or b"").splitlines()) > 1: escaped(name)`,
    },
    {
      name: "finds a neighbour's POSIX message queue",
      where: 'process',
      code: `
libc = ctypes.CDLL(None)
if libc.mq_open(b"/neighbour", os.O_RDONLY) >= 0: escaped("queue")`,
    },
    {
      name: "finds a neighbour's shared memory",
      where: 'process',
      code: 'from multiprocessing import shared_memory\nfound = attempt(shared_memory.SharedMemory, "neighbour")\nif found: escaped(bytes(found.buf))',
    },
  ],
};
