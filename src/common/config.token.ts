/** Injects the frozen Config: `@Inject(CONFIG) config: Config`. */
export const CONFIG = Symbol('CONFIG');
