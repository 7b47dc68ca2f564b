/** NUL and halves of surrogate pairs: Postgres' jsonb takes neither, Python's text encoder chokes on the halves. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
const REPLACEMENT_CHARACTER = '\uFFFD';

/** A copy of a plain value in which every text can be kept and told. Lengths stay, so places in a text hold. */
export function toStorable<Value>(value: Value): Value {
  return storable(value) as Value;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSTORABLE, REPLACEMENT_CHARACTER);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, storable(item)]));
}
