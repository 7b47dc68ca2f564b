import { DenoProvider } from '@libs/sandbox';
import { describeWith } from '../../support/requirements.js';
import { createFixture } from './leftovers.js';
import { describeSandboxContract } from './sandbox-provider.contract.js';

describeWith('deno', 'deno', () => {
  describeSandboxContract(
    'deno',
    {
      hasProcesses: false,
      userId: 1000,
      writeToProtocol:
        'import js\nfrom pyodide.ffi import to_js\nwhile junk: junk = junk[js.Deno.stdout.writeSync(to_js(junk)):]',
    },
    () => createFixture((workspacesRoot) => new DenoProvider({ workspacesRoot })),
  );
});
