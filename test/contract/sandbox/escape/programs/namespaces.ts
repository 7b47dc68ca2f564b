import type { Family } from '../hostile-program.js';

export const NAMESPACES: Family = {
  family: 'namespaces and mounts',
  programs: [
    {
      name: 'makes a namespace',
      where: 'process',
      code: 'for name, flag in [("user", 0x10000000), ("mount", 0x20000), ("net", 0x40000000), ("pid", 0x20000000), ("ipc", 0x8000000), ("uts", 0x4000000), ("cgroup", 0x2000000), ("time", 0x80)]:\n    refused("unshare " + name, 272, 97, flag)',
    },
    {
      name: 'makes a process in new namespaces',
      where: 'process',
      code: 'for flag in [0x10000000, 0x10020000, 0x50000000, 0x20000000]:\n    returned = syscall(56, 220, flag | 17, 0, 0, 0, 0)\n    if returned == 0: os._exit(0)\n    if returned > 0: escaped(hex(flag))',
    },
    {
      name: 'does so by a call whose arguments no filter can see',
      where: 'process',
      code: 'arguments = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)\nreturned = syscall(435, 435, arguments, 88)\nif returned == 0: os._exit(0)\nif returned > 0: escaped("clone3")',
    },
    {
      name: "enters another process's namespaces",
      where: 'process',
      code: 'for process in ["1", "self", str(W["victim"]), str(W["server_process"])]:\n    for name in ["user", "mnt", "net", "pid", "ipc", "uts", "cgroup"]:\n        opened = attempt(os.open, f"/proc/{process}/ns/{name}", os.O_RDONLY)\n        if opened is not None:\n            refused(f"setns {process} {name}", 308, 268, opened, 0)\n            os.close(opened)',
    },
    {
      name: 'mounts something',
      where: 'process',
      code: 'for source, target, kind, flags in [(b"x", b"/tmp", b"tmpfs", 0), (b"proc", b"/proc", b"proc", 0), (b"/usr", b"/mnt/data", b"", 4096), (b"", b"/usr", b"", 4096 | 32), (b"x", b"/tmp", b"overlay", 0), (b"x", b"/tmp", b"cgroup2", 0)]:\n    refused("mount", 165, 40, source, target, kind, flags, 0)',
    },
    {
      name: 'mounts by the newer calls',
      where: 'process',
      code: 'refused("fsopen", 430, 430, b"tmpfs", 0)\nrefused("open_tree", 428, 428, -100, b"/", 1)\nrefused("fspick", 433, 433, -100, b"/", 0)\nrefused("mount_setattr", 442, 442, -100, b"/", 0, ctypes.create_string_buffer(32), 32)\nrefused("move_mount", 429, 429, -100, b"/usr", -100, b"/tmp", 0)',
    },
    {
      name: 'takes away what covers the host',
      where: 'process',
      code: 'for path in [b"/proc", b"/dev", b"/tmp", b"/mnt/data", b"/", b"/run/kernel.pyc"]:\n    refused("umount", 166, 39, path, 2)',
    },
    {
      name: 'gets another root',
      where: 'process',
      code: 'os.makedirs("/tmp/root/old", exist_ok=True)\nrefused("pivot_root", 155, 41, b"/tmp/root", b"/tmp/root/old")\nrefused("chroot", 161, 51, b"/tmp/root")\nif attempt(lambda: os.chroot("/proc/1/root") or True): escaped("chroot")',
    },
    {
      name: 'makes what is read-only writable',
      where: 'process',
      code: 'for path in [b"/", b"/usr", b"/dev"]: refused("remount", 165, 40, b"", path, b"", 32, 0)\nfor path in ["/usr/x", "/dev/x", "/x"]:\n    if write(path): escaped(path)',
    },
    {
      name: 'leaves its control group',
      where: 'process',
      code: 'for path in ["/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/tasks", "/sys/fs/cgroup/release_agent", "/proc/self/cgroup"]:\n    if write(path, "0"): escaped(path)\nif attempt(os.mkdir, "/sys/fs/cgroup/x"): escaped("a group")',
    },
  ],
};
