import { fillPrompt, loadPrompt } from './prompt.js';

const MOST_HOSTS_NAMED = 100;

/**
 * What the model is told of the code interpreter.
 * @param modules importable third-party modules; null while they are not known
 * @param hosts what code may reach, as `host:port`
 */
export function codeInterpreterPrompt(modules: readonly string[] | null, hosts: readonly string[]): string {
  return fillPrompt(loadPrompt('code-interpreter'), { network: networkPrompt(hosts), modules: modulesPrompt(modules) });
}

function networkPrompt(hosts: readonly string[]): string {
  if (hosts.length === 0) return loadPrompt('code-interpreter-no-network');
  return fillPrompt(loadPrompt('code-interpreter-network'), { hosts: hosts.slice(0, MOST_HOSTS_NAMED).join(', ') });
}

function modulesPrompt(modules: readonly string[] | null): string {
  if (modules === null) return '';
  if (modules.length === 0) return loadPrompt('code-interpreter-no-modules');
  return fillPrompt(loadPrompt('code-interpreter-modules'), { modules: modules.join(', ') });
}
