import type { Family, HostileProgram } from '../hostile-program.js';

/** Tries a JavaScript expression in the thread of the interpreter; what comes back is an escape. */
function tries(name: string, expression: string): HostileProgram {
  return {
    name,
    where: 'wasm',
    code: `
import js
from pyodide.code import run_js
got = attempt(run_js, ${JSON.stringify(`(() => { ${expression} })()`)}.replace("FILE", W["file"]).replace("ESCAPE", W["escape"]).replace("VICTIM", str(W["victim"])))
if got is not None: escaped(got)`,
  };
}

/** Awaits it: the refusal may come later. What it reaches, the host sees. */
function begins(name: string, expression: string): HostileProgram {
  return {
    name,
    where: 'wasm',
    ends: ['ok', 'crashed', 'error'],
    code: `
from pyodide.code import run_js
attempt(run_js, ${JSON.stringify(expression)}.replace("TCP", str(W["tcp"])).replace("FILE", W["file"]).replace("ESCAPE", W["escape"]))
time.sleep(0.05)`,
  };
}

export const WEB_ASSEMBLY: Family = {
  family: 'out of WebAssembly',
  programs: [
    tries('reads a file through Deno', 'return Deno.readTextFileSync("FILE")'),
    tries('writes a file through Deno', 'Deno.writeTextFileSync("ESCAPE", "x"); return "wrote"'),
    tries(
      'makes a link and follows it',
      'Deno.symlinkSync("FILE", "/mnt/data/l"); return Deno.readTextFileSync("/mnt/data/l")',
    ),
    tries('reads the environment through Deno', 'return JSON.stringify(Deno.env.toObject())'),
    tries('starts a program', 'return new Deno.Command("/bin/true").outputSync().code + 1'),
    tries(
      'loads a library of the system',
      'return Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } })',
    ),
    tries('kills a process of the host', 'Deno.kill(VICTIM, "SIGKILL"); return "killed"'),
    tries(
      "reads the processes' files",
      'return Deno.readTextFileSync("/proc/self/environ") || Deno.readTextFileSync("/proc/1/environ")',
    ),
    tries('asks about the machine', 'return Deno.hostname() + Deno.osRelease()'),
    tries(
      'gives itself permissions',
      'return Deno.permissions.requestSync({ name: "read" }).state === "granted" ? "granted" : undefined',
    ),
    begins('connects through Deno', 'Deno.connect({ hostname: "127.0.0.1", port: TCP }).catch(() => 0)'),
    begins('fetches', 'fetch("http://127.0.0.1:TCP/").catch(() => 0)'),
    begins('opens a web socket', 'new WebSocket("ws://127.0.0.1:TCP/")'),
    begins(
      'starts a thread with more permissions',
      'new Worker("data:text/javascript,Deno.writeTextFileSync(`ESCAPE`,`x`)", { type: "module", deno: { permissions: "inherit" } })',
    ),
    begins(
      "imports Node's file system",
      'import("node:fs").then((fs) => fs.writeFileSync("ESCAPE", "x")).catch(() => 0)',
    ),
    begins(
      "imports Node's processes",
      'import("node:child_process").then((c) => c.execSync("touch ESCAPE")).catch(() => 0)',
    ),
    begins('imports a module from the network', 'import("http://127.0.0.1:TCP/x.mjs").catch(() => 0)'),
    begins('speaks to the trusted half of its process', 'postMessage({ escaped: true })'),
  ],
};
