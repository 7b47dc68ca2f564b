/** RFC 9110 section 7.6.1, and the older names still met. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a model server must not decide for our origin. */
const NOT_THEIRS = /^(set-cookie|access-control-.*|strict-transport-security|alt-svc)$/;

/** The headers of a forwarded answer that go on to the client: end-to-end ones, and none that speaks for our origin. */
export function toForwardedHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const named = headers['connection'];
  const listed = typeof named === 'string' ? named.toLowerCase().split(/\s*,\s*/) : [];
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || listed.includes(name) || NOT_THEIRS.test(name)) continue;
    kept[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return kept;
}
