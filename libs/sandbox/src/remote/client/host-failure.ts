import { SandboxError } from '../../ports/sandbox-provider.js';

/** unreachable: no answer, or the connection broke. gone: it does not know the hold or session (any more). */
export type FailureKind = 'unreachable' | 'gone' | 'refused' | 'broken';

/** A sandbox host did not do what it was asked. */
export class HostFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HostFailure';
  }
}

/** What users are told of a failure: neither addresses nor anything that the host said. */
export function toSandboxError(error: unknown): unknown {
  if (!(error instanceof HostFailure)) return error;
  const message =
    error.kind === 'gone'
      ? 'The session has ended.'
      : error.kind === 'unreachable'
        ? 'The sandbox host does not answer.'
        : 'The sandbox host failed.';
  return new SandboxError(message, { cause: error });
}
