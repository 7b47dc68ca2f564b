import { BubblewrapProvider } from '@libs/sandbox';
import { describeWith } from '../../../support/requirements.js';
import { describeControls } from './controls.js';
import { describeEgressEscapes } from './egress-suite.js';
import { describeEscapes, isApplicable } from './escape-suite.js';
import { FAMILIES } from './programs/index.js';

describeWith('bubblewrap', 'bubblewrap', () => {
  describeControls();
  describeEscapes(
    'process',
    (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }),
  );

  describeEgressEscapes(
    (workspacesRoot, egress) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3', egress }),
  );

  it('meets at least a hundred of them', () => {
    const programs = FAMILIES.flatMap((family) => family.programs).filter((program) =>
      isApplicable(program, 'process'),
    );
    expect(programs.length).toBeGreaterThanOrEqual(100);
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length);
  });
});
