/** A definition that stands in a line by itself: its kind and name, and how far it is indented. */
export interface Definition {
  title: string;
  name: string;
  indent: number;
}

const LONGEST_LINE = 300;
const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|virtual|sealed|partial|open|data|inline|unsafe|extern|pub(?:\\([a-z]+\\))?|const)\\s+)*';
const KEYWORDS =
  'class|interface|enum|struct|trait|impl|protocol|record|object|namespace|module|def|defmodule|defp|function\\*?|func|fun|fn|sub|type|package|message|service|table|view|procedure';
const BY_KEYWORD = new RegExp(
  `^(\\s*)${MODIFIERS}((?:${KEYWORDS}))\\s+(?:\\([^)]{0,80}\\)\\s*)?([\\p{L}_$][\\p{L}\\p{N}_$.:]*[?!]?)`,
  'u',
);
const PYTHON = /^(\s*)(?:async\s+)?(class|def)\s+([\p{L}_][\p{L}\p{N}_]*)/u;
const SQL =
  /^(\s*)create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(table|view|function|procedure|index|trigger|type)\s+(?:if\s+not\s+exists\s+)?["`[]?([\p{L}_][\p{L}\p{N}_.]*)/iu;
const ARROW =
  /^(\s*)(?:export\s+)?(const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]{0,80})?=\s*(?:async\s*)?(?:\([^)]{0,200}\)|[\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]{0,80})?=>/u;
const C_LIKE =
  /^()(?!return|else|if|for|while|switch|case|using|import|package|throw|new\b)(?:[\p{L}_][\p{L}\p{N}_:<>,*&[\]]*\s+){1,4}\**([\p{L}_][\p{L}\p{N}_:~]*)\s*\([^;]{0,200}\)?[^;]{0,60}$/u;

const PATTERNS: Readonly<Record<string, readonly RegExp[]>> = {
  python: [PYTHON],
  javascript: [BY_KEYWORD, ARROW],
  typescript: [BY_KEYWORD, ARROW],
  vue: [BY_KEYWORD, ARROW],
  svelte: [BY_KEYWORD, ARROW],
  sql: [SQL],
  c: [BY_KEYWORD, C_LIKE],
  'c++': [BY_KEYWORD, C_LIKE],
  'objective-c': [BY_KEYWORD, C_LIKE],
};
const OTHERS: readonly RegExp[] = [BY_KEYWORD];

/** What a line of code defines. Goes by the line alone: a comment may deceive it. */
export function readDefinition(line: string, language: string): Definition | null {
  if (line.length > LONGEST_LINE) return null;
  for (const pattern of PATTERNS[language] ?? OTHERS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const [, indent = '', ...words] = match;
    const name = words.at(-1) ?? '';
    return { title: words.join(' '), name, indent: indent.replaceAll('\t', '    ').length };
  }
  return null;
}
