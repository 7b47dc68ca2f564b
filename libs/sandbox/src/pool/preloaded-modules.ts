/** What most programs for data begin with, and what takes longest; by the module that the probe names. */
const PRELOADED: readonly { probed: string; imports: string }[] = [
  { probed: 'numpy', imports: 'numpy' },
  { probed: 'pandas', imports: 'pandas' },
  { probed: 'matplotlib', imports: 'matplotlib.pyplot' },
];

/** What a kernel that waits imports ahead, out of the modules that are there. */
export function preloadedModules(importable: readonly string[]): string[] {
  return PRELOADED.filter(({ probed }) => importable.includes(probed)).map(({ imports }) => imports);
}
