import type { DatabaseLocation } from '../../src/database/data-source.js';
import { describeWith } from './requirements.js';

/** Runs a suite on the embedded database and, where there is one, on a Postgres server. */
export function describeOnEachEngine(title: string, body: (engine: DatabaseLocation['engine']) => void): void {
  describe(`${title} (embedded)`, () => body('embedded'));
  describeWith('postgres', `${title} (server)`, () => body('server'));
}
