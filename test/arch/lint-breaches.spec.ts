import { basename, dirname, join } from 'node:path';
import { lint, type LintFinding } from './eslint.js';
import { LINT_ALLOWED, LINT_BREACHES } from './lint-breaches.js';
import { plantTree, removeTree } from './planted-tree.js';

const TOOL_TIMEOUT_MS = 120_000;

/** One file each; `ormconfig.ts` keeps the name that the rules know it by. */
const breaches = LINT_BREACHES.map((breach, index) => ({
  ...breach,
  path: join(dirname(breach.path), basename(breach.path).replace(/^a\./, `breach${index}.`)),
}));

describe('the lint rules', () => {
  let root: string;
  let findings: LintFinding[];

  beforeAll(async () => {
    const planted = Object.fromEntries(breaches.map(({ path, code }) => [path, code]));
    root = await plantTree({ ...LINT_ALLOWED, ...planted });
    findings = await lint(root);
  }, TOOL_TIMEOUT_MS);

  afterAll(() => removeTree(root));

  it.each(breaches)('$rule: $title', ({ rule, path }) => {
    const found = findings.filter((finding) => finding.file === path).map((finding) => finding.rule);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${escapeForRegExp(rule)}`)));
  });

  it.each(Object.keys(LINT_ALLOWED))('nothing is held against %s', (file) => {
    expect(findings.filter((finding) => finding.file === file)).toEqual([]);
  });
});

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
