/** How an answer is written, told by how it begins: what servers say of it in `content-type` is often wrong. */
export type AnswerForm = 'json' | 'page' | 'events';

export interface BegunAnswer {
  form: AnswerForm;
  /** All of the answer, its beginning included. */
  bytes: AsyncIterable<Uint8Array>;
}

const FORMS: ReadonlyMap<string, AnswerForm> = new Map<string, AnswerForm>([
  ['{', 'json'],
  ['<', 'page'],
]);

/** Waits for the first bytes that mean something. */
export async function beginAnswer(body: AsyncIterable<Uint8Array>): Promise<BegunAnswer> {
  const iterator = body[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  for (;;) {
    const next: IteratorResult<Uint8Array, unknown> = await iterator.next();
    if (next.done === true) return { form: 'events', bytes: rejoined(begun, iterator) };
    begun.push(next.value);
    const first = Buffer.from(next.value).toString('latin1').trimStart().charAt(0);
    if (first !== '') return { form: FORMS.get(first) ?? 'events', bytes: rejoined(begun, iterator) };
  }
}

async function* rejoined(begun: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* begun;
    for (;;) {
      const next: IteratorResult<Uint8Array, unknown> = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}
