import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EgressOptions, EgressRecord, EgressRule, SandboxProvider } from '@libs/sandbox';
import { isPrivateAddress, isPublicAddress } from '../../../../src/common/http/public-address.js';
import { describeEscapes, type EscapeOptions } from './escape-suite.js';
import { EGRESS } from './programs/egress.js';
import type { World } from './world.js';

const MEGABYTE = 1024 * 1024;

/** Hostile programs in sessions that may reach one server on this machine through the proxy. */
export function describeEgressEscapes(
  createProvider: (root: string, egress: EgressOptions) => SandboxProvider,
  create?: EscapeOptions['create'],
): void {
  describe('with a way to one host', () => {
    const rules = new Map<string, EgressRule>();
    const records: EgressRecord[] = [];
    const egress: EgressOptions = {
      rules,
      mayDial: (address, allowsPrivate) => isPublicAddress(address) || (allowsPrivate && isPrivateAddress(address)),
      onRequest: (record) => void records.push(record),
    };

    describeEscapes('process', (root) => createProvider(root, egress), {
      ...(create && { create }),
      families: [EGRESS],
      prepare: async (world) => {
        const allowed = await openAllowed(world);
        const neighbours = await world.serveTcp("a neighbour's server");
        const rule = { allowsPrivate: true, maxBytes: 4 * MEGABYTE };
        const metadata = ['169.254.169.254:80', '[fd00:ec2::254]:80', '100.100.100.200:80'];
        // Programs ask no proxy for localhost.
        const hosts = [`localhost:${allowed}`, `127.0.0.2:${allowed}`, ...metadata];
        rules.set('proj_hostile', { ...rule, hosts, maxBytes: 64 * MEGABYTE });
        rules.set('proj_hostile_own', { ...rule, hosts: [`localhost:${allowed}`] });
        rules.set('proj_neighbour', { ...rule, hosts: [`localhost:${neighbours}`] });
        const { tcp } = world.targets() as { tcp: number };
        const strict = ['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${tcp}`);
        rules.set('proj_strict', { ...rule, allowsPrivate: false, hosts: strict });
        world.addTargets({ allowed, neighbour_allowed: neighbours });
      },
    });

    it('has each request told of, with its project', () => {
      const told = (verdict: string): EgressRecord[] => records.filter((record) => record.verdict === verdict);
      expect(told('allowed').length).toBeGreaterThan(5);
      expect(told('refused').length).toBeGreaterThan(50);
      expect(records.filter(({ tenantId }) => !rules.has(tenantId))).toEqual([]);
      expect(records.filter(({ host }) => host.length > 260)).toEqual([]);
    });
  });
}

/** Says what it was asked; a request that hid in another is damage. */
async function openAllowed(world: World): Promise<number> {
  const { tcp } = world.targets() as { tcp: number };
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/smuggled') world.visits.push('a smuggled request');
    if (request.url === '/redirect') return response.writeHead(302, { location: `http://localhost:${tcp}/` }).end();
    if (request.url === '/big') return response.end(Buffer.alloc(MEGABYTE));
    return response.end(JSON.stringify({ path: request.url, host: request.headers.host }));
  }).listen(0, '::');
  await once(server, 'listening');
  world.onDispose(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
