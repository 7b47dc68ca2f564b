import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryListen } from './abstract-socket.js';

const VARIABLE = 'THREADMILL_CANARY';

/** What hostile programs are after on this host, and eyes for whether they got at it. */
export class World {
  readonly secret = `canary-${randomBytes(16).toString('hex')}`;
  /** What reached the host's sockets. */
  readonly visits: string[] = [];
  private readonly closers: (() => void)[] = [];
  private extraTargets: Record<string, unknown> = {};
  private tcp = 0;
  private udp = 0;

  private constructor(
    private readonly folder: string,
    private readonly victim: ChildProcess,
  ) {}

  static async create(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'threadmill-escape-'));
    // Every user may look: only the sandbox keeps the code away.
    await chmod(folder, 0o777);
    const victim = spawn('sleep', ['600'], { stdio: 'ignore' });
    const world = new World(folder, victim);
    await writeFile(world.file, world.secret, { mode: 0o644 });
    process.env[VARIABLE] = world.secret;
    await world.listen();
    return world;
  }

  private get file(): string {
    return join(this.folder, 'secret.txt');
  }

  private get escape(): string {
    return join(this.folder, 'escaped.txt');
  }

  /** What the programs are told. */
  targets(): Record<string, unknown> {
    return {
      file: this.file,
      escape: this.escape,
      folder: this.folder,
      server: process.cwd(),
      server_process: process.pid,
      hostname: hostname(),
      victim: this.victim.pid,
      tcp: this.tcp,
      udp: this.udp,
      unix: join(this.folder, 'socket'),
      abstract: `${this.secret.slice(-8)}-host`,
      addresses: Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address)),
      neighbour_file: 'neighbours-secret.txt',
      neighbour_variable: 'neighbours_secret',
      neighbour_socket: `${this.secret.slice(-8)}-neighbour`,
      ...this.extraTargets,
    };
  }

  addTargets(targets: Record<string, unknown>): void {
    this.extraTargets = targets;
  }

  onDispose(close: () => void): void {
    this.closers.push(close);
  }

  /** A port that nobody may reach. */
  async serveTcp(name: string): Promise<number> {
    return ((await this.serve(name, (server) => server.listen(0, '::'))).address() as AddressInfo).port;
  }

  /** What a program got at, beyond what it says itself; empty if nothing. */
  damage(output: string): string[] {
    return [
      ...(output.includes(this.secret) ? ['the secret is in the output'] : []),
      ...(output.includes('ESCAPED') ? [output.slice(output.indexOf('ESCAPED')).split('\n', 1)[0] ?? ''] : []),
      ...this.visits.splice(0).map((visit) => `the host was reached by ${visit}`),
      ...(existsSync(this.escape) ? ['a file was written on the host'] : []),
      ...(this.victim.exitCode !== null || this.victim.signalCode !== null ? ['a process of the host was killed'] : []),
      ...('escaped' in {} ? ['the prototype of all objects was changed'] : []),
    ];
  }

  async forgetDamage(): Promise<void> {
    await rm(this.escape, { force: true });
    this.visits.length = 0;
  }

  async dispose(): Promise<void> {
    for (const close of this.closers) close();
    this.victim.kill('SIGKILL');
    Reflect.deleteProperty(process.env, VARIABLE);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async listen(): Promise<void> {
    const { unix, abstract } = this.targets() as { unix: string; abstract: string };
    this.tcp = await this.serveTcp('TCP');
    await this.serve('a socket in the file system', (server) => server.listen(unix));
    await chmod(unix, 0o777);
    const udp = createSocket('udp4', () => this.visits.push('UDP')).bind(0, '127.0.0.1');
    await once(udp, 'listening');
    this.udp = udp.address().port;
    this.closers.push(() => udp.close());
    this.closers.push(await tryListen(abstract, () => this.visits.push('an abstract socket')));
  }

  private async serve(name: string, begin: (server: Server) => Server): Promise<Server> {
    const server = begin(
      createServer((socket) => {
        this.visits.push(name);
        socket.destroy();
      }),
    );
    await once(server, 'listening');
    this.closers.push(() => server.close());
    return server;
  }
}
