import type { Family } from '../hostile-program.js';

/** After each of these the host lists, opens and reads whatever is listed; see world.ts. */
export const FILES: Family = {
  family: 'hostile files',
  programs: [
    {
      name: 'has the host read its secret through a link',
      where: 'process',
      code: 'for number, target in enumerate([W["file"], "/proc/self/environ", "/etc/passwd", "/proc/1/environ"]): os.symlink(target, f"/mnt/data/link-{number}.txt")\nos.symlink(os.path.dirname(W["file"]), "/mnt/data/folder")',
    },
    {
      name: 'changes a file into a link while the host opens it',
      where: 'process',
      limits: {},
      spoilsNextCall: true,
      code: 'import threading\nopen("/mnt/data/race.txt", "w").write("own")\nos.makedirs("/mnt/data/way")\nname = os.path.basename(W["file"])\nopen("/mnt/data/way/" + name, "w").write("own")\nend = time.time() + 0.5\ndef swap():\n    while time.time() < end:\n        try:\n            os.symlink(W["file"], "/mnt/data/.race")\n            os.rename("/mnt/data/.race", "/mnt/data/race.txt")\n            os.rename("/mnt/data/way", "/mnt/data/.way")\n            os.symlink(os.path.dirname(W["file"]), "/mnt/data/way")\n            open("/mnt/data/.own", "w").write("own")\n            os.rename("/mnt/data/.own", "/mnt/data/race.txt")\n            os.unlink("/mnt/data/way")\n            os.rename("/mnt/data/.way", "/mnt/data/way")\n        except OSError: pass\nthreading.Thread(target=swap, daemon=True).start()',
    },
    {
      name: 'makes the host wait for ever on a pipe or a socket',
      where: 'process',
      code: 'import socket\nfor number in range(3):\n    os.mkfifo(f"/mnt/data/pipe-{number}.csv")\n    socket.socket(socket.AF_UNIX).bind(f"/mnt/data/socket-{number}.csv")',
    },
    {
      name: 'gives files names that are commands to a page or a terminal',
      where: 'process',
      code: 'for name in [b"\\x1b]0;title\\x07.txt", b"a\\nb.txt", b"<img src=x onerror=alert(1)>.html", b"\\xe2\\x80\\xaegpj.exe", b"\\xff\\xfe.txt", b"..\\\\..\\\\x.txt", b"a\\rb", b"\\xef\\xbb\\xbfx", b" ", b"-rf", b"con.txt", b"%2e%2e%2fx", b"x" * 255]:\n    with open(b"/mnt/data/" + name, "w") as file: file.write("own")',
    },
    {
      name: 'spells the same name in many ways',
      where: 'process',
      code: 'for name in ["\\u00e9.txt", "e\\u0301.txt", "\\uff0e\\uff0e", "A.txt", "a.txt", "a.txt\\u200b"]:\n    with open("/mnt/data/" + name, "w") as file: file.write(name)',
    },
    {
      name: 'writes to files that the host reads',
      where: 'process',
      limits: {},
      spoilsNextCall: true,
      code: 'import threading\ndef grow():\n    end = time.time() + 0.5\n    while time.time() < end: open("/mnt/data/growing.txt", "a").write("own" * 1000)\nthreading.Thread(target=grow, daemon=True).start()',
    },
    {
      name: 'locks and maps files that the host reads',
      where: 'process',
      limits: {},
      spoilsNextCall: true,
      code: 'import fcntl, mmap\nkept = open("/mnt/data/held.bin", "w+b")\nkept.write(bytes(65536))\nkept.flush()\nfcntl.flock(kept, fcntl.LOCK_EX)\nfcntl.lockf(kept, fcntl.LOCK_EX)\nattempt(fcntl.fcntl, kept, 1024, fcntl.F_WRLCK)\nview = mmap.mmap(kept.fileno(), 65536)\nkept.truncate(1)',
    },
  ],
};
