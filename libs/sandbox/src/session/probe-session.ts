import { errorMessage } from '@libs/kernel';
import type { EnforcedLimit, Isolation, ProbeResult, SandboxProvider } from '../ports/sandbox-provider.js';

/** What programs for data usually want; each is really imported, since a module that is there may still be broken. */
const TRIED_MODULES = [
  ...['numpy', 'pandas', 'matplotlib', 'scipy', 'openpyxl', 'xlsxwriter', 'seaborn', 'sklearn', 'statsmodels'],
  ...['sympy', 'PIL', 'docx', 'pptx', 'pypdf', 'bs4', 'lxml', 'pyarrow'],
];

/** Nobody's: no rule for tenants counts for it. */
export const PROBE_TENANT = 'probe';

const PROBE_CODE = `
import importlib, json, platform
found = []
for name in ${JSON.stringify(TRIED_MODULES)}:
    try:
        importlib.import_module(name)
        found.append(name)
    except BaseException:
        pass
print(json.dumps({"python": platform.python_version(), "modules": found}))
`;
const PROBE_TIMEOUT_MS = 90_000;

/** Probes a provider by a session of its own: runs code, and imports modules there. */
export async function probeBySession(
  provider: Pick<SandboxProvider, 'acquire'>,
  claims: { isolation: Isolation; enforces: EnforcedLimit[] },
): Promise<ProbeResult> {
  try {
    const answer = parseAnswer(await runProbeCode(provider));
    return { ok: true, ...claims, ...answer };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` ${errorMessage(error.cause)}` : '';
    return { ok: false, reason: `${errorMessage(error)}${cause}` };
  }
}

async function runProbeCode(provider: Pick<SandboxProvider, 'acquire'>): Promise<string> {
  const session = await provider.acquire({ workspaceId: PROBE_TENANT, tenantId: PROBE_TENANT });
  let output = '';
  try {
    for await (const event of session.run(PROBE_CODE, { timeoutMs: PROBE_TIMEOUT_MS })) {
      if (event.type === 'stdout') output += event.text;
      if (event.type === 'done' && event.status !== 'ok') throw new Error(`The probe ended with ${event.status}.`);
    }
  } finally {
    await session.dispose();
  }
  return output;
}

function parseAnswer(output: string): { python: string; modules: string[] } {
  // Modules may print while they are imported.
  const answer: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  if (typeof answer !== 'object' || answer === null || !('python' in answer) || !('modules' in answer)) {
    throw new Error('The probe gave no answer.');
  }
  const { python, modules } = answer;
  if (typeof python !== 'string' || !Array.isArray(modules)) throw new Error('The probe gave another answer.');
  return { python, modules: modules.filter((name): name is string => typeof name === 'string') };
}
