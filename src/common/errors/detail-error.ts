/** An error of the compat faces under /api, whose body is `{"detail": …}`. */
export class DetailError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = 'DetailError';
  }
}
