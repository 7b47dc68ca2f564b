import type { Family } from '../hostile-program.js';

const CONNECT = `
import socket
def connect(family, address, kind=socket.SOCK_STREAM):
    def action():
        with socket.socket(family, kind) as client:
            client.settimeout(1)
            client.connect(address)
            client.send(b"escaped")
            return True
    return attempt(action)
`;

export const NETWORK: Family = {
  family: 'network',
  programs: [
    {
      name: "connects to the host's loopback",
      isControl: true,
      code: `${CONNECT}\nif connect(socket.AF_INET, ("127.0.0.1", W["tcp"])) and sys.platform == "linux": escaped("connected")`,
    },
    {
      name: 'sends a datagram to the host',
      isControl: true,
      code: `${CONNECT}\nconnect(socket.AF_INET, ("127.0.0.1", W["udp"]), socket.SOCK_DGRAM)`,
    },
    {
      name: 'connects by IPv6',
      where: 'process',
      code: `${CONNECT}\nif connect(socket.AF_INET6, ("::1", W["tcp"])) or connect(socket.AF_INET6, ("::ffff:127.0.0.1", W["tcp"])): escaped("connected")`,
    },
    {
      name: "connects to the host's addresses",
      code: `${CONNECT}\nfor address in W["addresses"]:\n    if connect(socket.AF_INET, (address, W["tcp"])) and sys.platform == "linux": escaped(address)`,
    },
    {
      name: "connects to a socket in the host's file system",
      isControl: true,
      where: 'process',
      code: `${CONNECT}\nif connect(socket.AF_UNIX, W["unix"]): escaped("connected")`,
    },
    {
      name: "connects to an abstract socket of the host's",
      isControl: true,
      where: 'process',
      code: `${CONNECT}\nif connect(socket.AF_UNIX, "\\0" + W["abstract"]): escaped("connected")`,
    },
    {
      name: 'talks to the hypervisor (vsock)',
      where: 'process',
      code: 'import socket\nmade = attempt(socket.socket, getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM)\nif made: escaped(made)',
    },
    {
      name: 'talks to the kernel by netlink',
      where: 'process',
      code: 'import socket\nfor protocol in (0, 9, 12, 15, 16):\n    made = attempt(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW, protocol)\n    if made: escaped(protocol)',
    },
    {
      name: 'forges packets',
      where: 'process',
      code: 'import socket\nfor family, kind, protocol in [(socket.AF_PACKET, socket.SOCK_RAW, 3), (socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET, socket.SOCK_DGRAM, 1)]:\n    made = attempt(socket.socket, family, kind, protocol)\n    if made: escaped(family)',
    },
    {
      name: 'opens any kind of socket but local ones',
      where: 'process',
      code: 'for family in [*range(2, 50)]:\n    for kind in (1, 2, 3, 5):\n        for call, numbers in [("socket", (41, 198)), ("socketpair", (53, 199))]:\n            pair = (ctypes.c_int * 2)()\n            if syscall(*numbers, family, kind, 0, pair) >= 0: escaped(f"{call} {family}")',
    },
    {
      name: "reads the cloud's metadata",
      code: 'import urllib.request\nfor url in ["http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://[fd00:ec2::254]/"]:\n    got = attempt(lambda: urllib.request.urlopen(url, timeout=1).read(100))\n    if got: escaped(got)',
    },
    {
      name: 'resolves a name, which would carry data out',
      code: 'import socket\nfor name in ["example.com", "secret.example.com"]:\n    got = attempt(socket.getaddrinfo, name, 80)\n    if got and sys.platform == "linux": escaped(got)',
    },
    {
      name: 'sets up an interface',
      where: 'process',
      code: 'import fcntl, socket, struct\nlocal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\nfor request, name in [(0x8914, b"lo"), (0x8916, b"lo"), (0x89A0, b"br0")]:\n    done = attempt(lambda: fcntl.ioctl(local, request, struct.pack("16sh14x", name, 0x41)))\n    if done: escaped(hex(request))\nif [name for name in (read("/proc/net/dev") or b"").decode().split() if name.endswith(":") and name != "lo:"]: escaped("another interface")',
    },
    {
      name: 'lets another program connect',
      where: 'process',
      code: 'import subprocess\nfor command in [["bash", "-c", f"echo escaped > /dev/tcp/127.0.0.1/{W[\'tcp\']}"], ["curl", "-sm1", f"http://127.0.0.1:{W[\'tcp\']}"], ["perl", "-MIO::Socket::INET", "-e", f"IO::Socket::INET->new(\'127.0.0.1:{W[\'tcp\']}\') and print 1"]]:\n    attempt(lambda: subprocess.run(command, capture_output=True, timeout=3))',
    },
  ],
};
