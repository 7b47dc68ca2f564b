import { invalidRequest } from '@libs/openai-wire';
import type { Check } from '../../../common/validation/index.js';
import type { ToolOptions } from './built-in-tool.js';

/** Throws a WireError for the first option that is not among the checks, or that its check refuses. */
export function checkOptions(options: ToolOptions, path: string, checks: Readonly<Record<string, Check>>): void {
  for (const [name, value] of Object.entries(options)) {
    const place = `${path}.${name}`;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) throw invalidRequest(`Unknown parameter: '${place}'.`, place, 'unknown_parameter');
    const problem = value === null ? null : check(value);
    if (!problem) continue;
    const param = place + (problem.place ?? '');
    throw invalidRequest(
      problem.text.replaceAll('$path', () => place),
      param,
      problem.code,
    );
  }
}
