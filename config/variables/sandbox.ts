import { choice, integer, text, urls } from '../variable.js';
import { HTTP } from './protocols.js';

/** Where the models' code runs, and within which limits. */
export const SANDBOX = {
  SANDBOX_PROVIDER: choice(['auto', 'bubblewrap', 'deno', 'docker', 'remote', 'none'], {
    default: 'auto',
    description:
      'Where Python runs. auto: bubblewrap where it works, else Deno with Pyodide. docker: containers of an engine on this machine. remote: on hosts of its own.',
  }),
  SANDBOX_PYTHON: text({
    default: '/usr/bin/python3',
    description: 'Interpreter of the bubblewrap provider.',
  }),
  SANDBOX_DOCKER_SOCKET: text({
    default: '/var/run/docker.sock',
    description: "Engine of the docker provider: a socket's path, unix:///path or tcp://host:port. Docker or podman.",
  }),
  SANDBOX_DOCKER_IMAGE: text({
    default: 'threadmill-sandbox',
    description: 'Image of the docker provider, with python3 in it. deploy/sandbox-image.sh makes one.',
  }),
  SANDBOX_DOCKER_RUNTIME: text({
    default: undefined,
    defaultText: "(the engine's own)",
    description: 'OCI runtime of the containers, such as runsc for gVisor.',
  }),
  SANDBOX_WARM_KERNELS: integer({
    default: 2,
    min: 0,
    max: 64,
    description: 'Interpreters kept ready for the next conversation, some 80 MB each with pandas; 0: none.',
  }),
  SANDBOX_IDLE_SECONDS: integer({
    default: 3600,
    min: 1,
    max: 604_800,
    description: "Seconds without a call after which a thread's interpreter ends. Its files stay.",
  }),
  SANDBOX_MAX_SESSIONS: integer({
    default: 32,
    min: 1,
    max: 10_000,
    description: 'Interpreters that one process keeps at once. Beyond that the one unused for longest ends.',
  }),
  SANDBOX_REMOTE_URLS: urls({
    protocols: HTTP,
    description: 'Sandbox hosts (ROLE=sandbox) for SANDBOX_PROVIDER=remote, with commas between several.',
  }),
  SANDBOX_REMOTE_TOKEN: text({
    default: undefined,
    secret: true,
    description: 'What callers and sandbox hosts know each other by, at least 32 characters.',
  }),
  SANDBOX_LISTEN_HOST: text({
    default: '127.0.0.1',
    description: 'Address that a sandbox host listens on. Only the API and its workers should reach it.',
  }),
  SANDBOX_LISTEN_PORT: integer({
    default: 8300,
    min: 0,
    max: 65_535,
    description: 'Port that a sandbox host listens on; 0 picks a free one.',
  }),
  CODE_EXECUTION_TIMEOUT: integer({
    default: 120,
    min: 1,
    max: 86_400,
    description: 'Seconds of wall time for one execution of code.',
  }),
} as const;
