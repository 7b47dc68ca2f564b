import type { Family } from '../hostile-program.js';

const MB = 1024 * 1024;
const STOPPED = ['ok', 'error', 'timeout', 'oom', 'crashed', 'output_limit', 'disk_limit'] as const;

/** What must not happen: that the host, the neighbour or the next call of the session suffers. */
export const BOMBS: Family = {
  family: 'bombs',
  programs: [
    {
      name: 'forks without end',
      where: 'process',
      limits: { maxProcesses: 30 },
      timeoutMs: 500,
      ends: STOPPED,
      code: 'while True:\n    try: os.fork()\n    except OSError: pass',
    },
    {
      name: 'starts threads without end',
      where: 'process',
      limits: { maxProcesses: 30 },
      timeoutMs: 1500,
      ends: STOPPED,
      code: 'import threading\nstarted = 0\ntry:\n    while started < 500:\n        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n        started += 1\nexcept RuntimeError: pass\nif started > 60: escaped(started)',
    },
    {
      name: 'hoards memory',
      limits: { memoryBytes: 96 * MB },
      timeoutMs: 20_000,
      ends: STOPPED,
      code: 'hoard = []\nwhile True: hoard.append(bytearray(b"x" * (16 << 20)))',
    },
    {
      name: 'hoards memory in many processes',
      where: 'process',
      limits: { memoryBytes: 96 * MB, maxWorkspaceBytes: 16 * MB },
      timeoutMs: 3_000,
      ends: STOPPED,
      code: 'for _ in range(8):\n    if os.fork() == 0:\n        hoard = bytearray(b"x" * (64 << 20))\n        time.sleep(60)\n        os._exit(0)\ntime.sleep(60)',
    },
    {
      name: 'hoards memory in files that look like memory',
      where: 'process',
      limits: { maxWorkspaceBytes: 16 * MB },
      ends: STOPPED,
      code: 'written = 0\ntry:\n    for number in range(64):\n        with open(f"/dev/shm/{number}", "wb") as file: written += file.write(os.urandom(1 << 20))\nexcept OSError: pass\nif written > 32 << 20: escaped(written)',
    },
    {
      name: 'fills the disk with many small files',
      limits: { maxWorkspaceFiles: 100 },
      timeoutMs: 8_000,
      ends: STOPPED,
      code: 'made = 0\ntry:\n    for number in range(3000):\n        open(f"/mnt/data/{number}", "w").close()\n        made += 1\n        if made > 120: time.sleep(0.02)\nexcept OSError: pass',
    },
    {
      name: 'fills the disk with one large file',
      limits: { maxFileBytes: 4 * MB, maxWorkspaceBytes: 8 * MB },
      timeoutMs: 8_000,
      ends: STOPPED,
      code: 'with open("/mnt/data/large", "wb") as file:\n    for _ in range(40):\n        file.write(os.urandom(1 << 20))\n        time.sleep(0.05)',
    },
    {
      name: 'makes a file that only says to be huge',
      where: 'process',
      code: 'if attempt(lambda: os.truncate(os.open("/mnt/data/sparse", os.O_CREAT | os.O_RDWR), 10 << 40) or True): escaped("10 TB")\nattempt(os.unlink, "/mnt/data/sparse")',
    },
    {
      name: 'unpacks an archive that grows without end',
      limits: { maxWorkspaceBytes: 8 * MB },
      timeoutMs: 10_000,
      ends: STOPPED,
      code: 'import io, zipfile\npacked = io.BytesIO()\nwith zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:\n    for number in range(64): archive.writestr(f"{number}.bin", bytes(1 << 20))\ntry:\n    with zipfile.ZipFile(packed) as archive:\n        for name in archive.namelist():\n            archive.extract(name, "/mnt/data")\n            time.sleep(0.02)\nexcept OSError: pass',
    },
    {
      name: 'unpacks an archive whose names lead out',
      code: 'import io, tarfile, zipfile\npacked = io.BytesIO()\nwith tarfile.open(fileobj=packed, mode="w") as archive:\n    entry = tarfile.TarInfo(W["escape"])\n    entry.size = 1\n    archive.addfile(entry, io.BytesIO(b"x"))\n    entry = tarfile.TarInfo("../" * 20 + W["escape"])\n    entry.size = 1\n    archive.addfile(entry, io.BytesIO(b"x"))\npacked.seek(0)\nwith tarfile.open(fileobj=packed) as archive:\n    for entry in archive: attempt(archive.extract, entry, "/mnt/data")',
    },
    {
      name: 'prints without end',
      limits: { maxOutputBytes: 10_000 },
      timeoutMs: 15_000,
      ends: ['output_limit'],
      code: 'block = "x" * 1_000_000\nwhile True: print(block)',
    },
    {
      name: 'complains without end, without a line',
      limits: { maxOutputBytes: 10_000 },
      timeoutMs: 15_000,
      ends: ['output_limit'],
      code: 'while True: sys.stderr.write("x" * 1_000_000)',
    },
    { name: 'gives a giant value', limits: { maxOutputBytes: 10_000 }, ends: STOPPED, code: '"x" * 30_000_000' },
    {
      name: 'gives a value that cannot be shown',
      ends: STOPPED,
      code: 'class Value:\n    def __repr__(self): return "\\ud800\\x00" + "[" * 100_000\nValue()',
    },
    {
      name: 'opens files without end',
      where: 'process',
      code: 'opened = []\ntry:\n    while len(opened) < 2000: opened.append(os.open("/dev/null", 0))\nexcept OSError: pass\nif len(opened) > 260: escaped(len(opened))\nfor each in opened: os.close(each)',
    },
    { name: 'computes without end', timeoutMs: 400, ends: ['timeout'], code: 'import re\nwhile True: n = 1' },
    { name: 'sleeps beyond its time', timeoutMs: 400, ends: ['timeout'], code: 'time.sleep(600)' },
    {
      name: 'falls without end',
      timeoutMs: 2_000,
      ends: STOPPED,
      code: 'sys.setrecursionlimit(10**9)\ndef fall(): fall()\nfall()',
    },
    {
      name: 'nests folders deeper than a path may be',
      where: 'process',
      limits: { maxWorkspaceFiles: 3000 },
      ends: STOPPED,
      code: 'for _ in range(1200):\n    os.mkdir("d" * 50)\n    os.chdir("d" * 50)',
    },
    {
      name: 'locks its folders',
      where: 'process',
      spoilsNextCall: true,
      limits: {},
      code: 'os.makedirs("/mnt/data/locked/inside")\nopen("/mnt/data/locked/inside/x", "w").close()\nos.chmod("/mnt/data/locked/inside", 0)\nos.chmod("/mnt/data/locked", 0)\nos.chmod("/mnt/data", 0)',
    },
  ],
};
