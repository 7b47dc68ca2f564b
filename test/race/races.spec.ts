import { describeWith } from '../support/requirements.js';
import type { ServerOptions } from '../support/server.js';
import { findLeftOpen, letRunsExpireByMetadata } from './support/race-database.js';
import type { RaceCounts } from './support/race.js';
import { RacePlace } from './support/race-place.js';
import { describeCancels } from './suites/cancel.js';
import { describeDeletion } from './suites/deletion.js';
import { describeExpiry } from './suites/expiry.js';
import { describeOneRunAThread } from './suites/one-run-a-thread.js';
import { describeToolOutputs } from './suites/tool-outputs.js';

describe('races on the embedded engine', () => describeRaces({}, { main: 40, further: 40 }));

describeWith('postgres', 'races on Postgres', () => {
  describeWith('redis', 'and Redis, with two workers', () => {
    describeRaces({ engine: 'postgres+redis', workers: 2 }, { main: 200, further: 80 });
  });
});

function describeRaces(options: ServerOptions, counts: RaceCounts): void {
  let started: RacePlace | undefined;
  const place = (): RacePlace => {
    if (!started) throw new Error('The server has not started.');
    return started;
  };

  beforeAll(async () => {
    started = await RacePlace.start(options);
    await letRunsExpireByMetadata(started.server);
  }, 240_000);
  afterAll(() => started?.stop());

  describeCancels(place, counts);
  describeExpiry(place, counts.main);
  describeToolOutputs(place, counts);
  describeOneRunAThread(place, counts.further);
  describeDeletion(place, counts.further);

  it('has left nothing open and logged no error', async () => {
    const logs = `${place().server.logs}${place().server.workerLogs}`;
    expect(logs.split('\n').filter((line) => /"level":[56]0/.test(line))).toEqual([]);
    expect(await findLeftOpen(place().server)).toEqual([]);
  });
}
