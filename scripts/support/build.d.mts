export function build(): Promise<number>;
export function buildIfNeeded(): Promise<number>;
export function isBuildFresh(): Promise<boolean>;
