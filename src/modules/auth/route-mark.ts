import 'reflect-metadata';
import { PUBLIC_MARK, SCOPE_MARK } from '../../common/marks.js';
import type { Scope } from '../../common/principal.js';

/** The scope that a route demands, or that it is public. The method's mark wins over its class's; undefined for none. */
export function readRouteMark(method: object, controller: object): Scope | 'public' | undefined {
  return markOf(method) ?? markOf(controller);
}

/** A scope wins over `@Public()` on the same target: where marks contradict, the door stays shut. */
function markOf(target: object): Scope | 'public' | undefined {
  const scope = Reflect.getMetadata(SCOPE_MARK, target) as Scope | undefined;
  if (scope !== undefined) return scope;
  return Reflect.getMetadata(PUBLIC_MARK, target) === true ? 'public' : undefined;
}
