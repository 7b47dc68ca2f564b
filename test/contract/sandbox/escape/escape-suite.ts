import type { SandboxSession } from '@libs/sandbox';
import { createFixture } from '../leftovers.js';
import { content, runCode, type CallReport, type SandboxFixture } from '../sandbox-fixture.js';
import type { Family, HostileProgram } from './hostile-program.js';
import { FAMILIES } from './programs/index.js';
import { withPrologue } from './prologue.js';
import { World } from './world.js';

const DEFAULT_TIMEOUT_MS = 20_000;
const TEST_TIMEOUT_MS = 240_000;
const MOST_READ_BYTES = 1024 * 1024;
/** Often enough to meet a file while it is being changed. */
const READ_ROUNDS = 25;
const MOST_FILES_READ = 20;
const SAFE_NAME = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+$/u;
const CLEAN_UP = `
import os, shutil
for name in os.listdir("/mnt/data"):
    path = os.path.join("/mnt/data", name)
    if os.path.isdir(path) and not os.path.islink(path): shutil.rmtree(path, ignore_errors=True)
    else: os.unlink(path)
"alive"`;

/** What the neighbour has that others look for. */
const NEIGHBOUR = `
import socket
try:
    kept = socket.socket(socket.AF_UNIX)
    kept.bind("\\0" + W["neighbour_socket"])
    kept.listen()
    open("/dev/shm/neighbour", "w").write(open("/mnt/data/neighbours-secret.txt").read())
    open("/tmp/neighbours-secret.txt", "w").write(open("/mnt/data/neighbours-secret.txt").read())
except Exception: pass
`;

export interface EscapeOptions {
  create?: typeof createFixture;
  families?: readonly Family[];
  /** Before the first session: what else there is on the host. */
  prepare?: (world: World) => Promise<void>;
}

/** Every hostile program that makes sense for the provider, one after the other. */
export function describeEscapes(
  where: 'process' | 'wasm',
  createProvider: Parameters<typeof createFixture>[0],
  { create = createFixture, families = FAMILIES, prepare }: EscapeOptions = {},
): void {
  describe('hostile programs', () => {
    const suite = new EscapeSuite();
    beforeAll(() => suite.open(() => create(createProvider), prepare), TEST_TIMEOUT_MS);
    afterAll(() => suite.close());

    for (const { family, programs } of families) {
      const applicable = programs.filter((program) => isApplicable(program, where));
      if (applicable.length === 0) continue;
      describe(family, () => {
        it.each(applicable.map((program) => [program.name, program] as const))(
          'no program %s',
          (_name, program) => suite.check(program),
          TEST_TIMEOUT_MS,
        );
      });
    }

    it('leave nothing on the host when their sessions have ended', () => suite.checkLeftovers(), TEST_TIMEOUT_MS);
  });
}

export function isApplicable(program: HostileProgram, where: 'process' | 'wasm'): boolean {
  if (program.asRoot && process.getuid?.() !== 0) return false;
  return program.where === undefined || program.where === where;
}

class EscapeSuite {
  private world!: World;
  private fixture!: SandboxFixture;
  private shared!: SandboxSession;
  /** Of another tenant; it has what the programs look for, and must not notice them. */
  private neighbour!: SandboxSession;

  async open(create: () => Promise<SandboxFixture>, prepare: EscapeOptions['prepare']): Promise<void> {
    this.world = await World.create();
    await prepare?.(this.world);
    this.fixture = await create();
    this.shared = await this.acquire('proj_hostile');
    this.neighbour = await this.acquire('proj_neighbour');
    await this.neighbour.putFile('neighbours-secret.txt', content(this.world.secret));
    await runCode(this.neighbour, withPrologue(NEIGHBOUR, this.world.targets()));
    await runCode(this.neighbour, `neighbours_secret = ${JSON.stringify(this.world.secret)}`);
  }

  async close(): Promise<void> {
    await this.fixture.dispose();
    await this.world.dispose();
  }

  async check(program: HostileProgram): Promise<void> {
    await this.world.forgetDamage();
    const { limits, tenant = 'proj_hostile_own' } = program;
    const session = limits === undefined ? this.shared : await this.acquire(tenant, limits);
    try {
      const code = withPrologue(program.code, this.world.targets());
      const report = await runCode(session, code, { timeoutMs: program.timeoutMs ?? DEFAULT_TIMEOUT_MS });
      await this.checkReport(program, report);
      await this.checkFiles(session, report);
      await this.checkNextCall(program, session);
      expect((await runCode(this.neighbour, 'neighbours_secret')).result).toBe(`'${this.world.secret}'`);
    } finally {
      if (session !== this.shared) await session.dispose();
    }
  }

  async checkLeftovers(): Promise<void> {
    await Promise.all([this.shared.dispose(), this.neighbour.dispose()]);
    expect(await this.fixture.leftovers()).toEqual([]);
  }

  private acquire(tenantId: string, limits?: HostileProgram['limits']): Promise<SandboxSession> {
    return this.fixture.provider.acquire({ workspaceId: tenantId, tenantId, limits });
  }

  private async checkReport({ ends }: HostileProgram, report: CallReport): Promise<void> {
    // What was sent to the host's sockets arrives in a turn of its own.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { stdout, stderr, result = '', done } = report;
    expect(this.world.damage(stdout + stderr + result)).toEqual([]);
    if (ends === undefined) {
      // It got to its end: what it wanted was refused, and not passed over for an error of its own.
      const end = stdout.trimEnd().split('\n').at(-1);
      expect({ status: done.status, end, stderr }).toEqual({ status: 'ok', end: 'TRIED', stderr: '' });
    } else {
      expect(ends).toContain(done.status);
    }
  }

  /** As the server does: it lists, opens and reads whatever is reported. */
  private async checkFiles(session: SandboxSession, report: CallReport): Promise<void> {
    for (let round = 0; round < READ_ROUNDS; round += 1) {
      const listed = (await session.listFiles()).map(({ name }) => name).slice(0, MOST_FILES_READ);
      const names = [...new Set([...listed, ...report.files.map(({ name }) => name), ...report.images])];
      for (const name of names.slice(0, MOST_FILES_READ)) {
        expect(name).toMatch(SAFE_NAME);
        expect(name.split('/')).not.toContain('..');
        expect(await readBeginning(session, name)).not.toContain(this.world.secret);
      }
      if (listed.length === 0) return;
    }
  }

  private async checkNextCall({ spoilsNextCall }: HostileProgram, session: SandboxSession): Promise<void> {
    const next = await runCode(session, CLEAN_UP, { timeoutMs: DEFAULT_TIMEOUT_MS });
    expect(this.world.damage(next.stdout + next.stderr)).toEqual([]);
    if (spoilsNextCall) return;
    expect({ stdout: next.stdout, result: next.result }).toEqual({ stdout: '', result: "'alive'" });
  }
}

/** A file that cannot be opened is no danger. */
async function readBeginning(session: SandboxSession, name: string): Promise<string> {
  const opened = await session.openFile(name).catch(() => undefined);
  if (opened === undefined) return '';
  let text = '';
  for await (const chunk of opened.stream) {
    text += String(chunk);
    if (text.length > MOST_READ_BYTES) break;
  }
  opened.stream.destroy();
  return text;
}
