import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirstStart } from '../../src/modules/auth/index.js';
import { startTestingApp, type TestingApp } from '../support/testing-app.js';
import { describeWith } from '../support/requirements.js';
import { makePlace } from '../support/database.js';

const outcomeOf = (testing: TestingApp): FirstStart['outcome'] =>
  testing.app.get(FirstStart, { strict: false }).outcome;

describe('the first administrator', () => {
  it('gets a random password that is told once and works after a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-first-start-'));
    const environment = { DEFAULT_ADMIN_PASSWORD: '', DEFAULT_ADMIN_USERNAME: 'root' };
    try {
      const first = await startTestingApp({ dataDir, environment });
      const outcome = outcomeOf(first);
      await first.close();
      if (outcome.kind !== 'created' || outcome.generatedPassword === null) throw new Error(JSON.stringify(outcome));
      expect(outcome).toEqual({
        kind: 'created',
        username: 'root',
        generatedPassword: expect.stringMatching(/^.{24}$/),
      });

      const second = await startTestingApp({ dataDir, environment });
      expect(outcomeOf(second)).toEqual({ kind: 'existing' });
      const login = { username: 'root', password: outcome.generatedPassword };
      const { status } = await second.request.post('/api/auth/login').send(login);
      await second.close();
      expect(status).toBe(200);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('has the configured password, which is not told', async () => {
    const testing = await startTestingApp();
    const outcome = outcomeOf(testing);
    await testing.close();
    expect(outcome).toEqual({ kind: 'created', username: 'admin', generatedPassword: null });
  });
});

describeWith('postgres', 'the first administrator of two servers on one database', () => {
  it('is made once when both start at the same time', async () => {
    const place = await makePlace('server');
    if (place.location.engine !== 'server') throw new Error('not a server');
    const environment = { DATABASE_URL: place.location.url };
    const servers = await Promise.all([startTestingApp({ environment }), startTestingApp({ environment })]);
    const kinds = servers.map((server) => outcomeOf(server).kind).sort();
    await Promise.all(servers.map((server) => server.close()));
    await place.remove();
    expect(kinds).toEqual(['created', 'existing']);
  });
});
