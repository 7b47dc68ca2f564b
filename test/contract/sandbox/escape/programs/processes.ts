import type { Family } from '../hostile-program.js';

export const PROCESSES: Family = {
  family: 'processes, signals and rights',
  programs: [
    {
      name: 'traces another process',
      where: 'process',
      code: 'for number in [1, os.getppid(), W["victim"]]:\n    refused("attach", 101, 117, 16, number, 0, 0)\n    refused("seize", 101, 117, 0x4206, number, 0, 0)\nrefused("traceme", 101, 117, 0, 0, 0, 0)',
    },
    {
      name: "reads or writes another process's memory",
      where: 'process',
      code: 'space = ctypes.create_string_buffer(64)\nrefused("process_vm_readv", 310, 270, 1, space, 1, space, 1, 0)\nrefused("process_vm_writev", 311, 271, 1, space, 1, space, 1, 0)\nfor number in [W["victim"], W["server_process"]]:\n    if attempt(open, f"/proc/{number}/mem", "r+b", 0): escaped(number)',
    },
    {
      // Process 1 is bubblewrap's reaper, of the same user: what may be written there must gain nothing.
      name: 'finds a process in reach that may do more than it',
      where: 'process',
      code: `
for number in [name for name in os.listdir("/proc") if name.isdigit()]:
    status = dict(line.split(":", 1) for line in (read(f"/proc/{number}/status") or b"").decode().splitlines())
    rights = [status.get(name, "").strip() for name in ("NoNewPrivs", "Seccomp", "CapPrm", "CapEff", "CapBnd")]
    if rights != ["1", "2"] + ["0" * 16] * 3: escaped(f"{number}: {rights}")
    if status["Uid"].split() != [str(os.getuid())] * 4 or os.getuid() == 0: escaped(status["Uid"])
    for descriptor in attempt(os.listdir, f"/proc/{number}/fd") or []:
        path = attempt(os.readlink, f"/proc/{number}/fd/{descriptor}") or ""
        if path.startswith("/") and not path.startswith(("/dev/null", "/proc/", "/run/kernel.pyc")): escaped(path)
    for name in ("user", "mnt", "net", "pid", "ipc", "uts"):
        if attempt(os.readlink, f"/proc/{number}/ns/{name}") not in (None, os.readlink(f"/proc/self/ns/{name}")): escaped(name)`,
    },
    {
      name: 'becomes root',
      where: 'process',
      code: 'for change in [os.setuid, os.setgid, os.seteuid, os.setegid]: attempt(change, 0)\nattempt(os.setresuid, 0, 0, 0)\nattempt(os.setgroups, [0])\nif 0 in (os.getuid(), os.geteuid(), os.getgid(), os.getegid(), *os.getgroups()): escaped("root")',
    },
    {
      name: 'gains a capability',
      where: 'process',
      code: 'header = (ctypes.c_uint32 * 2)(0x20080522, 0)\neverything = (ctypes.c_uint32 * 6)(*[0xffffffff] * 6)\nsyscall(126, 91, header, everything)\nlibc = ctypes.CDLL(None)\nfor capability in range(41): libc.prctl(47, 2, capability, 0, 0)\nstatus = open("/proc/self/status").read()\nfor name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]:\n    if int(status.split(name + ":")[1].split()[0], 16): escaped(name)',
    },
    {
      name: 'runs a program of the system that would make it root',
      where: 'process',
      code: 'import subprocess\nfor command in [["sudo", "-n", "id", "-u"], ["su", "-c", "id -u"], ["pkexec", "id", "-u"], ["newgrp", "root"], ["unshare", "-r", "id", "-u"], ["bwrap", "--unshare-user", "--uid", "0", "--ro-bind", "/", "/", "id", "-u"]]:\n    done = attempt(lambda: subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3))\n    if done and done.stdout.strip() == "0": escaped(command[0])',
    },
    {
      name: 'takes off its filter or its limits',
      where: 'process',
      code: 'import resource\nlibc = ctypes.CDLL(None)\nif libc.prctl(22, 0, 0, 0, 0) == 0 or libc.prctl(38, 0, 0, 0, 0) == 0: escaped("prctl")\nfor kind in [resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_DATA, resource.RLIMIT_CORE]:\n    hard = resource.getrlimit(kind)[1]\n    if hard != resource.RLIM_INFINITY and attempt(lambda: resource.setrlimit(kind, (hard + 1, hard + 1)) or True): escaped(kind)\nif resource.getrlimit(resource.RLIMIT_CORE)[1] != 0: escaped("core files")',
    },
    {
      name: 'goes before all others on the processor',
      where: 'process',
      code: 'if attempt(lambda: os.setpriority(os.PRIO_PROCESS, 0, -20) or True): escaped("nice")\nfor policy in (os.SCHED_FIFO, os.SCHED_RR):\n    if attempt(lambda: os.sched_setscheduler(0, policy, os.sched_param(1)) or True): escaped(policy)\nif attempt(lambda: os.setpriority(os.PRIO_USER, 0, -20) or True): escaped("nice of a user")',
    },
    { name: 'kills its own kernel', where: 'process', ends: ['crashed'], code: 'os.kill(os.getpid(), 9)' },
    {
      name: 'kills the first process of its namespace',
      where: 'process',
      ends: ['ok', 'crashed'],
      code: 'for number in (9, 15, 11): attempt(os.kill, 1, number)\nattempt(os.kill, os.getppid(), 9)',
    },
    {
      name: 'leaves a process behind that has cut every tie',
      where: 'process',
      code: 'import subprocess\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            os.closerange(0, 256)\n            time.sleep(600)\n        os._exit(0)\nsubprocess.Popen(["setsid", "nohup", "sleep", "600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)',
    },
    {
      name: 'goes on without end, deaf to every signal',
      where: 'process',
      limits: { maxProcesses: 40 },
      timeoutMs: 400,
      ends: ['timeout'],
      code: 'import signal\nfor number in range(1, 65): attempt(signal.signal, number, signal.SIG_IGN)\nfor _ in range(3): os.fork()\nos.setsid() if os.getpid() != 2 and attempt(os.getsid, 0) != os.getpid() else None\nwhile True:\n    try: time.sleep(0.001)\n    except BaseException: pass',
    },
  ],
};
