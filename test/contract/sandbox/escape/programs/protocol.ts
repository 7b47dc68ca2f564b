import type { Family } from '../hostile-program.js';

const SEND = `
def send(line):
    data = line if isinstance(line, bytes) else line.encode() + b"\\n"
    while data: data = data[os.write(3, data):]
def stolen_nonce():
    frame = sys._getframe()
    while frame:
        if "nonce" in frame.f_locals: return frame.f_locals["nonce"]
        frame = frame.f_back
`;

/** The pipe between kernel and host is in reach of the code. */
export const PROTOCOL: Family = {
  family: "forgery on the kernel's pipe",
  programs: [
    {
      name: 'ends the call without knowing its nonce',
      where: 'process',
      code: `${SEND}\nfor call in ["", "0", None, [], {}]:\n    send(json.dumps({"call": call, "event": "done", "status": "ok"}))\nprint("after")`,
    },
    {
      name: 'says again that the kernel is ready',
      where: 'process',
      code: `${SEND}\nfor _ in range(100): send('{"call":"","event":"ready"}')`,
    },
    {
      name: 'names a picture that is none of its files',
      where: 'process',
      code: `${SEND}\nfor name in [W["file"], "/etc/passwd", "../" * 10 + W["file"], "..", ".", "", "a" * 100_000, "\\x00"]:\n    send(json.dumps({"call": stolen_nonce(), "event": "image", "name": name}))`,
    },
    {
      name: 'sends what breaks a reader of JSON',
      where: 'process',
      code: `${SEND}\nfor line in ['{"__proto__":{"escaped":true}}', '{"call":{"toString":1}}', "[" * 100_000, '"', "null", "1e999", "\\ud800".encode("utf-8", "surrogatepass").decode("latin1"), '{"constructor":{"prototype":{"escaped":1}}}']: send(line)\nsend(b"\\xff\\xfe\\x00\\n")`,
    },
    {
      name: 'sends short lines of junk without end, each of which the server looks at',
      where: 'process',
      timeoutMs: 15_000,
      ends: ['output_limit'],
      code: `${SEND}\nwhile True: send(b"{\\n" * 500_000)`,
    },
    {
      name: 'sends a line that never ends',
      where: 'process',
      code: `${SEND}\nfor _ in range(16): send(b"x" * (1 << 20))\nsend(b"\\n")`,
    },
    {
      name: 'sends many results, each beyond measure',
      where: 'process',
      ends: ['ok', 'output_limit'],
      code: `${SEND}\nfor _ in range(300): send(json.dumps({"call": stolen_nonce(), "event": "result", "text": "x" * 10_000}))`,
    },
    {
      name: 'ends its call itself and goes on',
      where: 'process',
      limits: {},
      spoilsNextCall: true,
      timeoutMs: 3_000,
      ends: ['ok', 'timeout', 'error'],
      code: `${SEND}\nsend(json.dumps({"call": stolen_nonce(), "event": "done", "status": "ok"}))\nfor number in (1, 2): os.write(number, stolen_nonce().encode())\ntime.sleep(0.3)`,
    },
    {
      name: 'claims a status that does not exist',
      where: 'process',
      code: `${SEND}\nfor status in ["root", None, 1, {"status": "ok"}, "oom"]:\n    send(json.dumps({"call": stolen_nonce(), "event": "done", "status": status}))`,
    },
    {
      name: 'closes the pipe',
      where: 'process',
      timeoutMs: 3_000,
      ends: ['crashed', 'timeout', 'error', 'ok'],
      code: 'os.close(3)',
    },
    {
      name: 'puts something else in place of the pipe',
      where: 'process',
      timeoutMs: 3_000,
      ends: ['crashed', 'timeout', 'error', 'ok'],
      code: 'os.dup2(os.open("/dev/null", os.O_RDWR), 3)',
    },
    {
      name: 'reads the next request away',
      where: 'process',
      code: 'os.set_blocking(3, False)\nattempt(os.read, 3, 65536)\nos.set_blocking(3, True)',
    },
    {
      name: 'closes its own streams, and prints all the same',
      where: 'process',
      limits: {},
      spoilsNextCall: true,
      code: 'os.close(1)\nos.close(2)\nsys.stdout = sys.stderr = open("/dev/null", "w")\nos.open("/dev/null", os.O_RDWR)\nos.dup2(0, 1)',
      ends: ['ok', 'error'],
    },
    {
      name: 'puts traps into the interpreter for the kernel',
      where: 'process',
      spoilsNextCall: true,
      timeoutMs: 3_000,
      ends: ['ok', 'error', 'timeout', 'crashed'],
      limits: {},
      code: 'import builtins\nbuiltins.print = builtins.open = builtins.compile = builtins.exec = builtins.eval = lambda *a, **k: None\nsys.modules["os"] = None\nsys.settrace(lambda *a: None)\nimport atexit\natexit.register(lambda: escaped("late"))',
    },
  ],
};
