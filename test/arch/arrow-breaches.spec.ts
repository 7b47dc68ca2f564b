import { createRequire } from 'node:module';
import { ALLOWED, BREACHES, CIRCLE, TARGETS } from './arrow-breaches.js';
import { findBrokenArrows, type BrokenArrow } from './arrows.js';
import { plantTree, removeTree, type Files } from './planted-tree.js';

const TOOL_TIMEOUT_MS = 120_000;

const configuration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

const breaches = BREACHES.map((breach, index) => ({
  ...breach,
  from: breach.from.replace('breach', `breach${index}`),
}));

function importing(specifiers: readonly string[]): string {
  return [...specifiers.map((specifier) => `import '${specifier}';`), 'export {};', ''].join('\n');
}

function plantedFiles(): Files {
  const files: Files = { ...TARGETS, ...CIRCLE };
  for (const { from, imports } of breaches) files[from] = importing([imports]);
  for (const [from, imports] of Object.entries(ALLOWED)) files[from] = importing(imports);
  return files;
}

describe('the arrows', () => {
  let root: string;
  let broken: BrokenArrow[];

  beforeAll(async () => {
    root = await plantTree(plantedFiles());
    broken = await findBrokenArrows(root);
  }, TOOL_TIMEOUT_MS);

  afterAll(() => removeTree(root));

  it.each(breaches)('$rule: $from must not import $imports', ({ rule, from }) => {
    expect(broken.filter((arrow) => arrow.from === from).map((arrow) => arrow.rule)).toContain(rule);
  });

  it('no-circular: types count too', () => {
    const circles = broken.filter((arrow) => arrow.rule === 'no-circular');
    expect(circles.map((arrow) => arrow.from)).toEqual(Object.keys(CIRCLE).sort().slice(0, 1));
  });

  it.each(Object.keys({ ...TARGETS, ...ALLOWED }))('nothing is held against %s', (file) => {
    expect(broken.filter((arrow) => arrow.from === file)).toEqual([]);
  });

  it('has a breach for every rule', () => {
    const tried = new Set([...BREACHES.map(({ rule }) => rule), 'no-circular']);
    expect(configuration.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
