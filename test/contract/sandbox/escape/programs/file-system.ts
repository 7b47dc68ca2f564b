import type { Family } from '../hostile-program.js';

export const FILE_SYSTEM: Family = {
  family: 'file system',
  programs: [
    { name: 'reads a file of the host', isControl: true, code: 'show(W["file"])' },
    {
      name: 'reads a file of the host through the roots and folders of processes',
      isControl: true,
      code: `
for process in ["self", "1", "2", "thread-self", str(os.getppid())]:
    for way in ["root", "cwd/../../../../../..", "map_files/../root"]:
        show(f"/proc/{process}/{way}{W['file']}")`,
    },
    {
      name: 'climbs out of its folder',
      isControl: true,
      code: 'show("/mnt/data" + "/.." * 20 + W["file"])\nshow("/tmp" + "/.." * 20 + W["file"])',
    },
    {
      name: 'follows a symlink of its own to the host',
      code: 'attempt(os.symlink, W["file"], "/mnt/data/way-out")\nshow("/mnt/data/way-out")\nattempt(os.unlink, "/mnt/data/way-out")',
    },
    {
      name: 'finds a descriptor that leads out',
      where: 'process',
      code: `
for name in os.listdir("/proc/self/fd"):
    path = f"/proc/self/fd/{name}"
    if os.path.isdir(path) and not attempt(os.readlink, path).startswith("/proc"): escaped(os.readlink(path))
    show(path + "/../../../.." + W["file"])
for number in range(3, 256):
    attempt(os.fchdir, number)
    if os.getcwd() != "/mnt/data": escaped(os.getcwd())`,
    },
    {
      name: 'writes where the host would run or read it',
      code: `
for path in [W["escape"], "/etc/cron.d/job", "/etc/ld.so.preload", "/root/.ssh/authorized_keys", "/usr/bin/ls", "/usr/local/bin/ls", "/bin/x", "/lib/x", "/run/x", "/var/tmp/x", "/x"]:
    if write(path) and sys.platform == "linux": escaped(path)`,
    },
    {
      name: 'changes the interpreter or its own kernel',
      where: 'process',
      code: `
for path in [os.__file__, json.__file__, sys.executable, "/run/kernel.pyc", "/usr/lib/python3/dist-packages/x.py"]:
    if attempt(open, path, "ab"): escaped(path)
    if attempt(os.chmod, path, 0o777) is None and os.access(path, os.W_OK): escaped("mode of " + path)
    if attempt(lambda: os.rename(path, path + ".old") or True): escaped("renamed " + path)`,
    },
    {
      name: 'makes and opens a device',
      where: 'process',
      code: `
import stat
for kind, major, minor in [(stat.S_IFBLK, 8, 0), (stat.S_IFBLK, 254, 0), (stat.S_IFBLK, 259, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 10, 200)]:
    path = f"/mnt/data/device-{major}-{minor}"
    attempt(os.mknod, path, kind | 0o666, os.makedev(major, minor))
    if attempt(open, path, "rb", 0): escaped(path)
    attempt(os.unlink, path)`,
    },
    {
      name: 'opens a device of the host',
      where: 'process',
      code: `
for name in ["mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "dm-0", "loop0", "loop-control", "fuse", "kvm", "net/tun", "vhost-net", "vsock", "mapper/control", "input/event0", "uinput", "dri/card0"]:
    if attempt(os.open, "/dev/" + name, os.O_RDONLY | os.O_NONBLOCK) is not None: escaped(name)`,
    },
    {
      name: "talks to a container engine or to the system's bus",
      where: 'process',
      code: `
import socket
for path in ["/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/tmp/.X11-unix/X0"]:
    with socket.socket(socket.AF_UNIX) as client:
        if attempt(lambda: client.connect(path) or True): escaped(path)`,
    },
    {
      name: 'becomes root by a file of its own with the set-user-id bit',
      where: 'process',
      code: `
import shutil, subprocess
for folder in ["/mnt/data", "/tmp", "/dev/shm"]:
    path = folder + "/become"
    shutil.copy("/usr/bin/id", path)
    attempt(os.chown, path, 0, 0)
    attempt(os.chmod, path, 0o6755)
    done = attempt(lambda: subprocess.run([path, "-u"], capture_output=True, text=True))
    if done and done.stdout.strip() == "0": escaped(path)
    os.unlink(path)`,
    },
    {
      name: 'opens a file by its handle',
      where: 'process',
      code: `
handle = ctypes.create_string_buffer(b"\\x08\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x02" + bytes(150), 160)
root = os.open("/", os.O_RDONLY)
refused("open_by_handle_at", 304, 265, root, handle, 0)
refused("name_to_handle_at", 303, 264, root, b".", handle, handle, 0)
os.close(root)`,
    },
    {
      name: 'links a file of the system into its folder, to change it there',
      where: 'process',
      code: `
for source in ["/usr/bin/id", "/etc/ld.so.cache", "/run/kernel.pyc"]:
    if attempt(lambda: os.link(source, "/mnt/data/linked") or True): escaped(source)`,
    },
    {
      name: "sees the host's hardware and settings in /sys",
      where: 'process',
      code: 'for name in ["/sys/class/net", "/sys/kernel", "/sys/fs/cgroup", "/sys/block"]:\n    if attempt(os.listdir, name): escaped(name)',
    },
    {
      name: "changes the kernel's settings through /proc/sys",
      where: 'process',
      code: `
for name in ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/register", "/proc/acpi/wakeup"]:
    # Opened only: what would be written is the host's.
    if attempt(os.open, name, os.O_WRONLY) is not None: escaped(name)`,
    },
  ],
};
