import type { Family } from '../hostile-program.js';

export const SECRETS: Family = {
  family: 'environment and secrets',
  programs: [
    { name: "reads the server's environment", isControl: true, code: 'print(dict(os.environ))' },
    {
      name: "reads a process's environment",
      isControl: true,
      code: `
for name in attempt(os.listdir, "/proc") or []:
    if name.isdigit() or name == "self": show(f"/proc/{name}/environ")
show("/proc/self/environ")`,
    },
    {
      name: 'finds a secret in its own memory, left there by whoever started it',
      where: 'process',
      code: `
import re
pattern = re.compile(b"canary" + b"-[0-9a-f]{32}")
memory = open("/proc/self/mem", "rb", 0)
for line in open("/proc/self/maps"):
    first, last = [int(each, 16) for each in line.split()[0].split("-")]
    if " r" not in line or "[v" in line or last - first > 64 << 20: continue
    found = attempt(lambda: memory.seek(first) and None or pattern.search(memory.read(last - first)))
    if found: escaped(found.group())`,
    },
    {
      name: 'learns where the server lies on the host',
      where: 'process',
      asRoot: true,
      code: `
for name in ["/proc/self/mountinfo", "/proc/self/mounts", "/proc/1/cmdline", "/proc/self/cgroup", "/proc/1/cgroup", "/proc/1/environ"]:
    content = (read(name) or b"").decode()
    for told in [W["server"], W["folder"]]:
        if told in content: escaped(f"{told} in {name}")`,
    },
    {
      name: "learns the host's name",
      where: 'process',
      code: 'import socket\nif W["hostname"] != "sandbox" and W["hostname"] in (socket.gethostname(), os.uname().nodename): escaped(W["hostname"])',
    },
    {
      name: 'reads keys from the keyring of the kernel',
      where: 'process',
      code: `
refused("keyctl", 250, 219, 0, -3, 1)
refused("add_key", 248, 217, b"user", b"x", b"y", 1, -3)
refused("request_key", 249, 218, b"user", b"x", 0, -3)
if b":" in (read("/proc/keys") or b""): escaped("/proc/keys")`,
    },
    {
      name: "reads the system's log",
      where: 'process',
      code: 'refused("syslog", 103, 116, 3, ctypes.create_string_buffer(4096), 4096)\nif read("/dev/kmsg"): escaped("kmsg")',
    },
    {
      name: 'finds users, hosts or passwords of the machine',
      where: 'process',
      code: 'for name in ["passwd", "shadow", "group", "hosts", "resolv.conf", "hostname", "machine-id", "ssh/ssh_host_rsa_key", "environment", "fstab"]:\n    if read("/etc/" + name): escaped(name)',
    },
    {
      name: 'gets the program of the kernel to give out what other calls said',
      where: 'process',
      code: `
import gc
for each in gc.get_objects():
    if isinstance(each, dict) and W["neighbour_variable"] in each and each.get("__name__") == "__main__": escaped("another's variable")`,
    },
  ],
};
