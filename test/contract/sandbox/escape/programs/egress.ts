import type { Family } from '../hostile-program.js';

/** Own session each: some use up what a session has. */
const OWN = {};

const HELPERS = `
import socket, urllib.request
def ask(data, wait=2):
    """What the proxy answers to these bytes."""
    answer = b""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(wait)
        client.connect("/run/egress.sock")
        client.sendall(data if isinstance(data, bytes) else data.encode())
        try:
            while chunk := client.recv(65536): answer += chunk
        except OSError: pass
    return answer
def status(answer):
    return answer.split(b" ")[1].decode() if answer.startswith(b"HTTP/1.") else "none"
def connect_to(authority, host=None):
    return ask(f"CONNECT {authority} HTTP/1.1\\r\\nHost: {host or authority}\\r\\n\\r\\n")
def get(url, headers="", host=None, body="", method="GET"):
    host = host or f"localhost:{W['allowed']}"
    return ask(f"{method} {url} HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: close\\r\\n{headers}\\r\\n{body}")
ALLOWED = f"localhost:{W['allowed']}"
FORBIDDEN = f"localhost:{W['tcp']}"
def expect_refusal(name, answer):
    if status(answer) not in ("400", "403", "429", "502", "none"): escaped(f"{name}: {answer[:200]}")
`;

/** Programs in sessions that may reach `localhost:allowed` through the proxy, and nothing else. */
export const EGRESS: Family = {
  family: 'past the proxy',
  programs: [
    {
      name: 'fails to reach what is allowed, the others being vain then',
      code: `${HELPERS}
got = attempt(lambda: urllib.request.urlopen(f"http://127.0.0.2:{W['allowed']}/hello", timeout=5).read())
if got is None or b'"path":"/hello"' not in got: escaped(f"the allowed host was not reached: {got}")
with socket.create_connection(("127.0.0.1", 3128)) as client:
    client.sendall(f"CONNECT {ALLOWED} HTTP/1.1\\r\\n\\r\\n".encode())
    if b" 200 " not in client.recv(1000): escaped("no tunnel to the allowed host")
    client.sendall(b"GET /tunnel HTTP/1.1\\r\\nHost: any\\r\\nConnection: close\\r\\n\\r\\n")
    answer = b""
    while chunk := client.recv(1000): answer += chunk
    if b'"path":"/tunnel"' not in answer: escaped(f"the tunnel leads nowhere: {answer}")`,
    },
    {
      name: 'connects without the proxy',
      code: `${HELPERS}
def connect(address, family=socket.AF_INET):
    def action():
        with socket.socket(family) as client:
            client.settimeout(1)
            client.connect(address)
            return True
    return attempt(action)
for address in ["127.0.0.1", "127.0.0.2", "0.0.0.0", *[each for each in W["addresses"] if ":" not in each], "169.254.169.254", "8.8.8.8"]:
    for port in [W["tcp"], W["allowed"], 53, 80, 443]:
        if connect((address, port)): escaped(f"{address}:{port}")`,
    },
    {
      name: 'sends datagrams, or opens any socket but local ones and TCP',
      code: `${HELPERS}
import errno
for family in range(2, 50):
    for kind in (1, 2, 3, 4, 5, 10):
        for protocol in (0, 1, 6, 17, 33, 132, 136, 255, 262):
            is_tcp = family == 2 and kind == 1 and protocol in (0, 6)
            if not is_tcp and syscall(41, 198, family, kind, protocol) >= 0: escaped(f"socket {family} {kind} {protocol}")
            if syscall(53, 199, family, kind, protocol, (ctypes.c_int * 2)()) >= 0: escaped(f"socketpair {family} {kind}")
for flags in (0x800, 0x80000, 0x80800):
    if syscall(41, 198, 2, 2 | flags, 0) >= 0: escaped("a datagram socket with flags")
    if syscall(41, 198, 2, 1 | flags, 0) < 0: escaped("no TCP with flags, which programs need")`,
    },
    {
      name: 'resolves names, which would carry data out',
      code: `${HELPERS}
for name in ["example.com", "secret.localhost.example", W["hostname"] + ".example"]:
    got = attempt(socket.getaddrinfo, name, 80)
    if got: escaped(got)`,
    },
    {
      name: 'makes itself a way by interfaces and routes',
      code: `${HELPERS}
import fcntl, struct
control = socket.socket(socket.AF_INET)
for request, name in [(0x8914, b"lo"), (0x8916, b"lo"), (0x890B, b"lo"), (0x89A0, b"br0"), (0x89F0, b"tun0")]:
    done = attempt(lambda: fcntl.ioctl(control, request, struct.pack("16sh14x", name, 0x41)))
    if done: escaped(hex(request))
if [name for name in (read("/proc/net/dev") or b"").decode().split() if name.endswith(":") and name != "lo:"]: escaped("another interface")`,
    },
    {
      name: 'asks for another port of the allowed host',
      code: `${HELPERS}
for port in [W["tcp"], W["udp"], W["neighbour_allowed"], 22, 80, 443, 5432, 6379]:
    expect_refusal(port, connect_to(f"localhost:{port}"))
    expect_refusal(port, get(f"http://localhost:{port}/", host=f"localhost:{port}"))`,
    },
    {
      name: 'asks for another host',
      code: `${HELPERS}
for host in ["example.com", "localhost.example", "xlocalhost", "localhost.", "LOCALHOST.", "*.localhost", "*", W["hostname"]]:
    for port in (W["allowed"], W["tcp"]):
        expect_refusal(host, connect_to(f"{host}:{port}"))
        expect_refusal(host, get(f"http://{host}:{port}/"))`,
    },
    {
      name: 'asks for addresses, in whatever writing',
      code: `${HELPERS}
for host in ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", *[each if ":" not in each else f"[{each.split('%')[0]}]" for each in W["addresses"]]]:
    for port in (W["allowed"], W["tcp"]):
        expect_refusal(host, connect_to(f"{host}:{port}"))
        expect_refusal(host, get(f"http://{host}:{port}/"))`,
    },
    {
      name: 'reaches this machine by a name that is allowed, where private addresses are not',
      tenant: 'proj_strict',
      limits: OWN,
      code: `${HELPERS}
for host in ("localhost", "127.0.0.1", "[::1]"):
    answer = connect_to(f"{host}:{W['tcp']}")
    if status(answer) != "403": escaped(f"{host}: {answer}")
    answer = get(f"http://{host}:{W['tcp']}/")
    if status(answer) != "403": escaped(f"{host}: {answer}")`,
    },
    {
      name: "reads the cloud's metadata, even if a rule names its address",
      code: `${HELPERS}
for host in ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"]:
    answer = connect_to(f"{host}:80")
    if status(answer) != "403" or b"address" not in answer: escaped(f"{host}: {answer}")`,
    },
    {
      name: 'names another host in the Host header',
      code: `${HELPERS}
for headers in ["", f"Host: {FORBIDDEN}\\r\\n", f"X-Forwarded-Host: {FORBIDDEN}\\r\\n"]:
    answer = get(f"http://{ALLOWED}/host", headers, host=FORBIDDEN)
    if f'"host":"{FORBIDDEN}"'.encode() in answer: escaped(answer)
for url in ["/", "//" + FORBIDDEN + "/", "*", FORBIDDEN]:
    expect_refusal(url, get(url, host=FORBIDDEN))
    expect_refusal(url, get(url, host=ALLOWED))
expect_refusal("CONNECT", connect_to(FORBIDDEN, ALLOWED))`,
    },
    {
      name: 'writes the target so that it can be read in two ways',
      code: `${HELPERS}
for trick in [f"{ALLOWED}@{FORBIDDEN}", f"{FORBIDDEN}#@{ALLOWED}", f"{ALLOWED}:{W['tcp']}", f"localhost:{W['allowed']},{W['tcp']}", f"localhost\\\\@{FORBIDDEN}", f"{FORBIDDEN}/{ALLOWED}", f"{FORBIDDEN}?{ALLOWED}", f"localhost%00:{W['tcp']}", f"localhost\\0:{W['tcp']}", f"{FORBIDDEN}\\t{ALLOWED}", f"{ALLOWED} {FORBIDDEN}", f"localhost:0{W['tcp']}", f"localhost:{W['tcp'] + 65536}", f"[localhost]:{W['tcp']}", f"http://{FORBIDDEN}", f"//{FORBIDDEN}"]:
    expect_refusal(trick, connect_to(trick))
    got = get(f"http://{trick}/")
    if b'"path"' not in got: expect_refusal(trick, got)`,
    },
    {
      name: 'asks by other protocols',
      code: `${HELPERS}
for url in [f"https://{FORBIDDEN}/", f"ftp://{FORBIDDEN}/", f"file://{W['file']}", "file:///etc/passwd", f"unix:{W['unix']}", f"ws://{FORBIDDEN}/", f"gopher://{FORBIDDEN}/", f"http+unix://{W['unix']}/", "data:text/plain,x", "javascript:1"]:
    expect_refusal(url, get(url))
expect_refusal("SOCKS 5", ask(b"\\x05\\x01\\x00"))
expect_refusal("SOCKS 4", ask(b"\\x04\\x01" + W["tcp"].to_bytes(2, "big") + bytes([127, 0, 0, 1]) + b"x\\0"))
expect_refusal("PROXY", ask(f"PROXY TCP4 127.0.0.1 127.0.0.1 1 {W['tcp']}\\r\\n"))`,
    },
    {
      name: 'hides a second request in the first (request smuggling)',
      code: `${HELPERS}
inner = f"GET /smuggled HTTP/1.1\\r\\nHost: {FORBIDDEN}\\r\\n\\r\\n"
chunked = f"{len(inner):x}\\r\\n{inner}\\r\\n0\\r\\n\\r\\n"
for method in ("GET", "POST", "DELETE"):
    for headers, body in [
        (f"Content-Length: {len(inner)}\\r\\nTransfer-Encoding: chunked\\r\\n", "0\\r\\n\\r\\n" + inner),
        ("Transfer-Encoding: chunked\\r\\nContent-Length: 4\\r\\n", chunked + inner),
        ("Transfer-Encoding: chunked\\r\\n", chunked),
        ("Transfer-Encoding: identity, chunked\\r\\n", chunked),
        ("Transfer-Encoding: chunked, identity\\r\\n", chunked),
        ("Transfer-Encoding: xchunked\\r\\n", inner),
        ("Transfer-Encoding : chunked\\r\\n", chunked),
        ("Transfer-Encoding:\\x0bchunked\\r\\n", chunked),
        (f"Content-Length: 0\\r\\nContent-Length: {len(inner)}\\r\\n", inner),
        (f"Content-Length: +{len(inner)}\\r\\n", inner),
        (f"Content-Length: {len(inner)}\\r\\n", inner),
        ("X: y\\nContent-Length: 0\\r\\n", inner),
        ("X: y\\r\\n obs-fold: z\\r\\n", ""),
        ("Upgrade: h2c\\r\\nConnection: Upgrade, HTTP2-Settings\\r\\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\\r\\n", inner),
        ("Expect: 100-continue\\r\\n", inner),
    ]:
        get(f"http://{ALLOWED}/outer", headers, body=body, method=method)`,
    },
    {
      name: 'sends a refused request behind an allowed one on the same connection',
      code: `${HELPERS}
first = f"GET http://{ALLOWED}/first HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
for second in [f"GET http://{FORBIDDEN}/ HTTP/1.1\\r\\nHost: {ALLOWED}\\r\\n\\r\\n", f"CONNECT {FORBIDDEN} HTTP/1.1\\r\\n\\r\\n", f"GET / HTTP/1.1\\r\\nHost: {FORBIDDEN}\\r\\n\\r\\n"]:
    answer = ask(first + second, 1)
    if answer.count(b" 200 ") > 1: escaped(answer)`,
    },
    {
      name: 'is led on by a redirect',
      code: `${HELPERS}
got = attempt(lambda: urllib.request.urlopen(f"http://127.0.0.2:{W['allowed']}/redirect", timeout=3).read())
if got: escaped(got)`,
    },
    {
      name: "reaches what is allowed to another project, or that project's socket",
      code: `${HELPERS}
import glob
expect_refusal("neighbour", connect_to(f"localhost:{W['neighbour_allowed']}"))
for name in ["Project", "X-Project", "Proxy-Authorization", "X-Tenant"]:
    expect_refusal(name, get(f"http://localhost:{W['neighbour_allowed']}/", f"{name}: proj_neighbour\\r\\n"))
sockets = [path for pattern in ("/run/*", "/tmp/*", "/proc/*/root/run/*", "/run/*/*", "/dev/shm/*") for path in glob.glob(pattern) if attempt(lambda: os.stat(path).st_mode & 0o170000 == 0o140000)]
others = [path for path in sockets if not path.endswith("/run/egress.sock")]
if others: escaped(others)
for path in ["/run/../run/egress.sock.1", "/run/other/egress.sock", W["folder"] + "/egress.sock"]:
    if attempt(lambda: socket.socket(socket.AF_UNIX).connect(path) or True): escaped(path)`,
    },
    {
      name: 'puts something else in the place of the socket',
      code: `${HELPERS}
for action in [lambda: os.unlink("/run/egress.sock"), lambda: os.rename("/run/egress.sock", "/run/other"), lambda: os.symlink("/tmp/x", "/run/egress.sock"), lambda: os.chmod("/run/egress.sock", 0), lambda: os.link("/run/egress.sock", "/mnt/data/egress.sock"), lambda: os.truncate("/run/egress.sock", 0)]:
    attempt(action)
if status(get(f"http://{ALLOWED}/still")) != "200": escaped("the socket was changed")`,
    },
    {
      name: "connects to sockets of the host's, abstract or in its file system",
      code: `${HELPERS}
for path in ["\\0" + W["abstract"], "\\0" + W["neighbour_socket"], W["unix"]]:
    if attempt(lambda: socket.socket(socket.AF_UNIX).connect(path) or True): escaped(repr(path))`,
    },
    {
      name: 'lets other programs connect',
      code: `${HELPERS}
import subprocess
bare = {"PATH": os.environ["PATH"]}
for command in [["bash", "-c", f"echo escaped > /dev/tcp/127.0.0.1/{W['tcp']}"], ["curl", "-sm1", f"http://127.0.0.1:{W['tcp']}"], ["curl", "-sm1", "-x", "http://127.0.0.1:3128", f"http://{FORBIDDEN}"], ["curl", "-sm1", "--unix-socket", "/run/egress.sock", f"http://{FORBIDDEN}"], [sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {W['tcp']}))"]]:
    for environment in (bare, dict(os.environ)):
        attempt(lambda: subprocess.run(command, capture_output=True, timeout=3, env=environment))`,
    },
    {
      name: 'ends the forwarder, and listens in its place',
      limits: OWN,
      code: `${HELPERS}
import signal
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) not in (1, os.getpid()): attempt(os.kill, int(name), signal.SIGKILL)
time.sleep(0.2)
attempt(lambda: socket.create_server(("127.0.0.1", 3128)))
expect_refusal("forbidden", connect_to(FORBIDDEN))`,
    },
    {
      name: 'takes every connection of the proxy, and more',
      limits: OWN,
      code: `${HELPERS}
held = []
for number in range(150):
    def take():
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        client.connect("/run/egress.sock")
        client.sendall(f"GET http://{ALLOWED}/held HTTP/1.1\\r\\nHost: x\\r\\n".encode())
        held.append(client)
    attempt(take)
time.sleep(0.5)
def is_open(client):
    client.setblocking(False)
    try: return client.recv(1) != b""
    except BlockingIOError: return True
    except OSError: return False
if (alive := sum(map(is_open, held))) > 40: escaped(f"{alive} connections")
for client in held: client.close()
time.sleep(0.3)
if status(get(f"http://{ALLOWED}/after")) != "200": escaped("the proxy did not recover")`,
    },
    {
      name: 'moves more bytes than a session may',
      limits: OWN,
      code: `${HELPERS}
got = 0
for _ in range(12):
    answer = get(f"http://{ALLOWED}/big")
    got += len(answer)
if got > 6 << 20: escaped(f"{got} bytes")
with socket.socket(socket.AF_UNIX) as client:
    client.settimeout(3)
    client.connect("/run/egress.sock")
    client.sendall(f"CONNECT {ALLOWED} HTTP/1.1\\r\\n\\r\\n".encode())
    if b" 200 " in (attempt(client.recv, 1000) or b""): escaped("a tunnel after the last byte")`,
    },
    {
      name: 'floods the proxy with junk',
      limits: OWN,
      code: `${HELPERS}
for junk in [os.urandom(100_000), b"A" * 1_000_000, b"GET http://x/" + b"a" * 1_000_000, b"GET http://x/ HTTP/1.1\\r\\n" + b"X: y\\r\\n" * 100_000, b"\\r\\n" * 100_000, b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n", b"\\x16\\x03\\x01" + bytes(1000)]:
    attempt(ask, junk, 1)
if status(get(f"http://{ALLOWED}/after")) != "200": escaped("the proxy is gone")`,
    },
  ],
};
