import { PythonReader } from './python-reader.js';
import { argumentNames, toKnownName, type KnownFunctions, type WrittenCall } from './written-call.js';

/**
 * Calls written in Python, as Llama 3.2, Llama 4, Gemma and Olmo do: `[f(a=1), g(b="x")]`, a call alone, one a line, or
 * inside `print()`. Null where the text is anything else; it is only read, never run.
 */
export function readPythonCalls(text: string, known: KnownFunctions): WrittenCall[] | null {
  const trimmed = text.trim();
  const isList = trimmed.startsWith('[') && trimmed.endsWith(']');
  const reader = new PythonReader(isList ? trimmed.slice(1, -1) : trimmed);
  const calls: WrittenCall[] = [];
  try {
    while (!reader.isDone()) {
      const wrapped = reader.accept('print(');
      const { name, positional, named } = reader.readCall();
      if (wrapped) reader.expect(')');
      const definition = known.get(toKnownName(name, known));
      const names = argumentNames(definition);
      if (positional.length > names.length) return null;
      const byPlace = positional.map((value, index) => [names[index] ?? '', value] as const);
      calls.push({ name, arguments: JSON.stringify(Object.fromEntries([...byPlace, ...named])) });
      reader.skipSeparators();
    }
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return calls.length === 0 ? null : calls;
}
