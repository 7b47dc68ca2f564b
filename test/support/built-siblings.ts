import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as siblings from '../../libs/kernel/src/process/sibling.js';

const ROOT = new URL('../../', import.meta.url).href;

/**
 * In the place of `siblingEntry` (jest.config.mjs): processes that are started from tests run what was built, where that
 * is fresh (prepare.mjs has looked). From its source each of the hundreds takes half a second of a processor more.
 */
export function siblingEntry(moduleUrl: string, name: string): siblings.SiblingEntry {
  return siblings.siblingEntry(builtModule(moduleUrl) ?? moduleUrl, name);
}

export const forkSibling: typeof siblings.forkSibling = (moduleUrl, name, args) =>
  siblings.forkSibling(builtModule(moduleUrl) ?? moduleUrl, name, args);

function builtModule(moduleUrl: string): string | undefined {
  if (process.env.IS_BUILD_FRESH !== '1' || !moduleUrl.startsWith(ROOT)) return undefined;
  const url = `${ROOT}dist/${moduleUrl.slice(ROOT.length).replace(/\.ts$/, '.js')}`;
  return existsSync(fileURLToPath(url)) ? url : undefined;
}
