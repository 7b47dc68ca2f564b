/** Where a request wants to go. */
export interface Target {
  /** Lower case; an IPv6 address is in brackets. */
  host: string;
  port: number;
}

const HTTP_PORT = 80;
const LAST_PORT = 65_535;
const LONGEST_HOST = 253;
/** Letters, digits, hyphens and underscores between dots; or an IPv6 address. Nothing that anybody could read in two ways. */
const AUTHORITY = /^((?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\]):([1-9]\d{0,4})$/;

/** `host:port`, as CONNECT has it; undefined for anything else. */
export function parseAuthority(text: string): Target | undefined {
  const match = AUTHORITY.exec(text.toLowerCase());
  const [, host = '', port = ''] = match ?? [];
  if (match === null || host.length > LONGEST_HOST || Number(port) > LAST_PORT) return undefined;
  return { host, port: Number(port) };
}

/** An absolute http URL, as proxies get it; undefined for anything else. */
export function parseAbsolute(text: string): (Target & { path: string }) | undefined {
  if (!/^http:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  const target = parseAuthority(`${url.hostname}:${url.port === '' ? HTTP_PORT : url.port}`);
  return target && { ...target, path: url.pathname + url.search };
}
