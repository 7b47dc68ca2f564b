const CODE_BLOCK = /```(?:python|py|python3)[^\S\n]*\n([\s\S]*?)```/i;
const DATE_LIKE = /\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b\d{4}-\d{2}\b/g;
const EXPRESSION = /[\d(][\d\s.+\-*/%^()]*[\d)]/g;
const OPERATION = /[\d)]\s*(?:\*\*|\/\/|[+\-*/%^])\s*[-\d(]/;
/** The search is quadratic in the worst case. */
const LONGEST_EXPRESSION_TEXT = 2000;
const ASKS_TO_CALCULATE = /\b(what is|what's|how much is|compute|calculate|evaluate)\b/i;

/** The Python in a fenced block of the text, if there is one. */
export function findCodeBlock(text: string): string | undefined {
  return CODE_BLOCK.exec(text)?.[1]?.trim();
}

/** An arithmetic expression in the text, in Python's spelling. Dates are none. */
export function findExpression(text: string): string | undefined {
  const candidates = text.slice(0, LONGEST_EXPRESSION_TEXT).replace(DATE_LIKE, ' ').match(EXPRESSION) ?? [];
  const found = candidates.map((candidate) => candidate.trim()).find((candidate) => OPERATION.test(candidate));
  return found !== undefined && isBalanced(found) ? found.replaceAll('^', '**') : undefined;
}

/** Whether the text asks for the expression rather than containing one by chance. */
export function isCalculation(text: string): boolean {
  return ASKS_TO_CALCULATE.test(text) || /^[\d\s.+\-*/%^()=?]+$/.test(text);
}

function isBalanced(expression: string): boolean {
  let open = 0;
  for (const character of expression) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}
