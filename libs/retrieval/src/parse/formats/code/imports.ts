const LONGEST_LINE = 500;
const PYTHON = /^\s*(?:import\s+[\w.]+|from\s+[\w.]+\s+import\s+.+)/;
const OTHERS: Readonly<Record<string, RegExp>> = {
  python: PYTHON,
  javascript: /^\s*import\s.+|^.*\brequire\(['"][^'"]+['"]\).*/,
  typescript: /^\s*import\s.+/,
  java: /^import\s.+/,
  kotlin: /^import\s.+/,
  scala: /^import\s.+/,
  go: /^import\s+".+"/,
  rust: /^\s*use\s.+;/,
  c: /^#include\s.+/,
  'c++': /^#include\s.+/,
  'c#': /^using\s.+;/,
  swift: /^import\s.+/,
  php: /^use\s.+;/,
  ruby: /^require\s.+/,
};

/** The line, if it brings in something from elsewhere. */
export function readImport(line: string, language: string): string | null {
  if (line.length > LONGEST_LINE) return null;
  return OTHERS[language]?.exec(line)?.[0].trim() ?? null;
}
