import { createServer } from 'node:net';
import { once } from 'node:events';
import { runCode, useSession, type SandboxFixture, type SandboxTraits } from './sandbox-fixture.js';

/** Names that a sandbox may set for the code's sake. All else would have come from the server. */
const OWN_VARIABLES = [
  ...['HOME', 'USER', 'LOGNAME', 'PATH', 'PWD', 'LANG', 'MPLBACKEND', 'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS'],
  ...['PYTHONDONTWRITEBYTECODE', '_', 'PYTHONINSPECT', 'LD_LIBRARY_PATH', 'LC_CTYPE'],
];

export function describeConfinement(fixture: () => SandboxFixture, traits: SandboxTraits): void {
  describe('confinement', () => {
    const session = useSession(fixture);
    const resultOf = async (code: string): Promise<unknown> => {
      const { stdout, stderr } = await runCode(session(), `import json, os\n${code}`);
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };

    it('bears nothing of the server in its environment', async () => {
      const names = (await resultOf('print(json.dumps(sorted(os.environ)))')) as string[];
      expect(names.filter((name) => !OWN_VARIABLES.includes(name))).toEqual([]);
    });

    it.each([
      '/etc/passwd',
      '/etc/shadow',
      '/etc/hosts',
      '/root',
      '/home/',
      '/var/lib',
      process.cwd(),
      '/proc/1/root/etc/passwd',
      '/proc/1/root/root',
    ])('does not show %s of the host', async (path) => {
      const code = `p = ${JSON.stringify(path)}\ntry:\n  found = os.path.isfile(p) or bool([n for n in os.listdir(p) if n != "web_user"])\nexcept OSError:\n  found = False\nprint(json.dumps(found))`;
      expect(await resultOf(code)).toBe(false);
    });

    it('reaches no port of the host', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      let connections = 0;
      server.on('connection', () => (connections += 1));
      const code = `import urllib.request\ntry:\n  urllib.request.urlopen("http://127.0.0.1:${port}", timeout=2)\n  print(1)\nexcept Exception:\n  print(0)`;
      expect(await resultOf(code)).toBe(0);
      expect(connections).toBe(0);
      server.close();
    });

    if (traits.hasProcesses) describeKernelSurface(resultOf, traits);
    else describeRuntimeSurface(resultOf);
  });
}

/** Where the code is a process of the system: what it can ask the system for. */
function describeKernelSurface(resultOf: (code: string) => Promise<unknown>, { userId }: SandboxTraits): void {
  it('sees its own processes only, none of them root, without capabilities', async () => {
    const code = `
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
print(json.dumps([len([n for n in os.listdir("/proc") if n.isdigit()]) < 5, os.getuid() if os.getuid() == 1000 else "own" if os.getuid() >= 62000 else "another's", status["CapEff"].strip(), status["CapBnd"].strip(), status["NoNewPrivs"].strip(), status["Seccomp"].strip()]))`;
    expect(await resultOf(code)).toEqual([true, userId, '0'.repeat(16), '0'.repeat(16), '1', '2']);
  });

  it('holds no descriptor but its streams and the protocol', async () => {
    const code = `print(json.dumps(sorted({os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")})))`;
    expect(await resultOf(code)).toEqual(['/dev/null', 'socket']);
  });

  it('can write to its workspace and scratch folder only', async () => {
    const code = `
written = []
for folder in ["/", "/usr", "/etc", "/dev", "/run", "/mnt", "/proc", "/usr/lib", "/mnt/data", "/tmp", "/dev/shm"]:
    try:
        open(os.path.join(folder, "probe"), "w").close()
        written.append(folder)
        os.remove(os.path.join(folder, "probe"))
    except OSError: pass
print(json.dumps(written))`;
    expect(await resultOf(code)).toEqual(['/mnt/data', '/tmp', '/dev/shm']);
  });

  it('tells no path of the host', async () => {
    const code = `print(json.dumps(open("/proc/self/mountinfo").read() + open("/proc/1/cmdline").read() + open("/proc/self/cgroup").read()))`;
    expect(await resultOf(code)).not.toContain(process.cwd());
  });

  it.each([
    ['ptrace', '{"x86_64": 101, "aarch64": 117}', '0, 0, 0, 0', 1],
    ['unshare', '{"x86_64": 272, "aarch64": 97}', '0x10000000', 1],
    ['mount', '{"x86_64": 165, "aarch64": 40}', '0, 0, 0, 0, 0', 1],
    ['bpf', '{"x86_64": 321, "aarch64": 280}', '0, 0, 0', 1],
    ['keyctl', '{"x86_64": 250, "aarch64": 219}', '0, 0, 0', 1],
    ['clone with a new user namespace', '{"x86_64": 56, "aarch64": 220}', '0x10000011, 0, 0, 0, 0', 1],
    ['clone3', '{"x86_64": 435, "aarch64": 435}', '0, 0', 38],
    ['io_uring_setup', '{"x86_64": 425, "aarch64": 425}', '1, 0', 38],
    ['an unknown call', '{"x86_64": 999, "aarch64": 999}', '0', 38],
    ['an internet socket', '{"x86_64": 41, "aarch64": 198}', '2, 1, 0', 97],
    ['a netlink socket', '{"x86_64": 41, "aarch64": 198}', '16, 3, 0', 97],
    ['typing into a terminal', '{"x86_64": 16, "aarch64": 29}', '0, 0x5412, 0', 1],
    ['the same with high bits set', '{"x86_64": 16, "aarch64": 29}', '0, ctypes.c_ulong(0x100005412), 0', 1],
  ])('refuses the system call: %s', async (_name, numbers, argumentsText, errno) => {
    const code = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
returned = libc.syscall(ctypes.c_long(${numbers}[platform.machine()]), ${argumentsText})
print(json.dumps([returned, ctypes.get_errno()]))`;
    expect(await resultOf(code)).toEqual([-1, errno]);
  });

  it('allows sockets between its own processes', async () => {
    expect(
      await resultOf('import socket\na, b = socket.socketpair()\na.send(b"x")\nprint(json.dumps(b.recv(1).decode()))'),
    ).toBe('x');
  });
}

/** Where the code is WebAssembly: what it can ask the JavaScript around it for. */
function describeRuntimeSurface(resultOf: (code: string) => Promise<unknown>): void {
  it.each([
    'js.Deno.readTextFileSync("/etc/passwd")',
    'js.Deno.readTextFileSync("/proc/self/environ")',
    'js.Deno.writeTextFileSync("/tmp/escaped", "x")',
    'js.Deno.env.toObject()',
    'js.Deno.hostname()',
    'js.eval("new Deno.Command(\\"/bin/true\\").outputSync()")',
    'js.Deno.symlinkSync("/etc/passwd", "/mnt/data/link")',
    'js.Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {})',
    'os.symlink("/etc/passwd", "/mnt/data/link")',
  ])('is denied %s', async (expression) => {
    const code = `import js\ntry:\n  ${expression}\n  print(json.dumps("allowed"))\nexcept Exception as error:\n  print(json.dumps(type(error).__name__))`;
    expect(await resultOf(code)).not.toBe('allowed');
  });
}
