/** The interpreter's thread: Pyodide with the shared kernel. The code can reach everything in here. */
import { startOptions } from './start-options.mjs';

const encoder = new TextEncoder();
let kernel;
let nonce = '';

// Either would end this thread alone, and leave a process that never answers.
Deno.exit = leave;
self.close = leave;

self.onmessage = async ({ data }) => {
  if (kernel === undefined) {
    kernel = await startKernel(data);
    send({ event: 'ready' });
    return;
  }
  const [call, code] = data;
  nonce = call;
  send({ event: 'done', status: kernel.run(code) });
};

async function startKernel({ pyodide, kernelSource, workspace, snapshot, interrupts }) {
  const { loadPyodide } = await import(`${pyodide.url}pyodide.mjs`);
  const python = await loadPyodide({ ...startOptions(pyodide), _loadSnapshot: snapshot });
  python.FS.mkdirTree('/mnt/data');
  python.mountNodeFS('/mnt/data', workspace);
  translateDenials(python.FS);
  python.FS.chdir('/mnt/data');
  // Deno's own input carries the protocol.
  python.setStdin({ stdin: () => undefined });
  for (const [stream, set] of [
    ['stdout', python.setStdout],
    ['stderr', python.setStderr],
  ]) {
    const decoder = new TextDecoder();
    set.call(python, {
      write(bytes) {
        send({ event: stream, text: decoder.decode(bytes, { stream: true }) });
        return bytes.length;
      },
    });
  }
  const scope = python.toPy({ __name__: 'kernel', send_text: (text) => send(JSON.parse(text)) });
  python.runPython(kernelSource, { globals: scope });
  const run = scope.get('run');
  python.setInterruptBuffer(interrupts);
  return {
    run(code) {
      // An interrupt meant for the cell before must not end this one.
      Atomics.store(interrupts, 0, 0);
      return run(code);
    },
  };
}

/** What Deno denies, it denies with errors that Pyodide knows nothing of, and would die of. */
function translateDenials(fileSystem) {
  const { NODEFS } = fileSystem.filesystems;
  const { tryFSOperation } = NODEFS;
  NODEFS.tryFSOperation = (operation) =>
    tryFSOperation(() => {
      try {
        return operation();
      } catch (error) {
        if (NODEFS.convertNodeCode(error) === undefined) throw { code: codeOf(error) };
        throw error;
      }
    });
}

/** Deno has no code of its own for a file that exceeds the process's limit. */
function codeOf(error) {
  return String(error?.message).includes('(os error 27)') ? 'EFBIG' : 'EPERM';
}

function leave() {
  self.postMessage('left');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function send(fields) {
  let bytes = encoder.encode(`${JSON.stringify({ call: nonce, ...fields })}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}
