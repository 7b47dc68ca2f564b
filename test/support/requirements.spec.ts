import { spawnSync } from 'node:child_process';
import { whyMissing, type Requirement } from './requirements.js';

const ALL: Requirement[] = ['bubblewrap', 'postgres', 'redis', 'pandas', 'chromium', 'deno', 'pgvector'];
const NOBODY_LISTENS = 'postgres://postgres@127.0.0.1:1/postgres';

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  printed: string;
}

/** Runs the fixture suite in a Jest of its own, on a machine whose Postgres does not answer. */
function runWithoutPostgres(environment: Record<string, string>): Outcome {
  const jestArguments = ['jest', '--json', '--testMatch', '**/needs-postgres.fixture.ts'];
  const result = spawnSync('npx', jestArguments, {
    encoding: 'utf8',
    env: { ...process.env, REQUIRE_ALL: '', TEST_DATABASE_URL: NOBODY_LISTENS, ...environment },
  });
  const report = JSON.parse(result.stdout) as Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests', number>;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    printed: result.stderr,
  };
}

describe('whyMissing', () => {
  it.each(ALL)('answers for %s, the same each time', (requirement) => {
    const first = whyMissing(requirement);
    if (first !== undefined) expect(first).toMatch(/\S/);
    expect(whyMissing(requirement)).toBe(first);
  });
});

describe('describeWith, where the requirement is missing', () => {
  it('skips the suite and prints why', () => {
    const outcome = runWithoutPostgres({});
    expect(outcome).toMatchObject({ passed: 1, failed: 0, skipped: 2 });
    expect(outcome.printed).toMatch(/Skipped "a suite that needs Postgres": postgres is missing \(.*ECONNREFUSED/);
  });

  it('fails instead with REQUIRE_ALL=1', () => {
    const outcome = runWithoutPostgres({ REQUIRE_ALL: '1' });
    expect(outcome).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
    expect(outcome.printed).toMatch(/REQUIRE_ALL=1, but postgres is missing: .*ECONNREFUSED/);
    // The one thing that no machine needs to have.
    expect(outcome.printed).toMatch(/Untested here: "and pgvector": pgvector is missing \(.*ECONNREFUSED/);
  });
});
