import { runTool } from './planted-tree.js';

interface CruiseReport {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

export interface BrokenArrow {
  rule: string;
  from: string;
  to: string;
}

/** Cruises a tree by its .dependency-cruiser.cjs. */
export async function findBrokenArrows(root: string): Promise<BrokenArrow[]> {
  const cruiseArguments = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.'];
  const script = 'dependency-cruiser/bin/dependency-cruise.mjs';
  const report = (await runTool(root, script, cruiseArguments)) as CruiseReport;
  return report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
