/** The end of an exhaustive switch: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** An error whose message is fit for users: it names nothing of the inside. All others are told in general words only. */
export class PublicError extends Error {}

/** What users are told of an error: its own words where they are meant for them. */
export function publicMessage(error: unknown): string {
  return error instanceof PublicError ? error.message : 'The server had an error while processing your request.';
}

/** The text of whatever was thrown. For logs. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` that Node, Postgres and Redis put on their errors, if there is one. */
export function errorCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
