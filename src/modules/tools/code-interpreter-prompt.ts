import { fillPrompt, loadPrompt } from './prompt.js';

/**
 * What the model is told of the code interpreter.
 * @param modules importable third-party modules; null while they are not known
 */
export function codeInterpreterPrompt(modules: readonly string[] | null): string {
  return fillPrompt(loadPrompt('code-interpreter'), { modules: modulesPrompt(modules) });
}

function modulesPrompt(modules: readonly string[] | null): string {
  if (modules === null) return '';
  if (modules.length === 0) return loadPrompt('code-interpreter-no-modules');
  return fillPrompt(loadPrompt('code-interpreter-modules'), { modules: modules.join(', ') });
}
