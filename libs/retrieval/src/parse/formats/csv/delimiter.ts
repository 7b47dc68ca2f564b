const CANDIDATES = [',', ';', '\t', '|'] as const;
const LOOK_LINES = 20;
const QUOTED = /"(?:[^"]|"")*"/g;

/** The delimiter that parts the first lines into most columns, and into equally many. */
export function detectDelimiter(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .replace(QUOTED, '')
    .split('\n', LOOK_LINES)
    .filter((line) => line.trim() !== '');
  let best = ',';
  let bestScore = 0;
  for (const candidate of CANDIDATES) {
    const counts = lines.map((line) => line.split(candidate).length - 1);
    const [first = 0] = counts;
    const agreeing = counts.filter((count) => count === first).length;
    const score = first === 0 ? 0 : (agreeing / counts.length) * Math.min(first, 50) + agreeing / counts.length;
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}
