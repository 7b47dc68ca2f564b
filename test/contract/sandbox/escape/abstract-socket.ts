import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Node of this age has no abstract sockets of its own: Python listens, and says who came. */
const LISTENER = `
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind("\\0" + sys.argv[1])
server.listen()
print("listening", flush=True)
while True:
    server.accept()
    print("visited", flush=True)
`;

/** Listens on an abstract socket of Linux. @returns ends it */
export async function tryListen(name: string, onVisit: () => void): Promise<() => void> {
  const listener = spawn('/usr/bin/python3', ['-I', '-c', LISTENER, name], { stdio: ['ignore', 'pipe', 'ignore'] });
  listener.on('error', () => undefined);
  if (listener.pid === undefined) return () => undefined;
  await Promise.race([once(listener.stdout, 'data'), once(listener, 'exit')]);
  listener.stdout.on('data', onVisit);
  return () => void listener.kill('SIGKILL');
}
