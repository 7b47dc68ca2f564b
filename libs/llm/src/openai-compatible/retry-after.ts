/**
 * Milliseconds the server asks to wait: `retry-after-ms`, else `retry-after` as seconds or as a date
 * (RFC 9110 section 10.2.3). Undefined where it asks for nothing sensible.
 */
export function readRetryAfter(
  headers: Record<string, string | string[] | undefined>,
  now: number,
): number | undefined {
  const exact = Number.parseFloat(first(headers['retry-after-ms']) ?? '');
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = first(headers['retry-after'])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
