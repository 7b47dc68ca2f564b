interface McpServerLimits {
  label: string;
  /** Tools that may be used; null: all of them. */
  tools: readonly string[] | null;
  /** Projects whose assistants may use it; null: all. */
  projects: readonly string[] | null;
}

/** An MCP server that the administrator allows, reached by HTTP or started as a process. */
export type McpServerSettings = McpServerLimits &
  (
    | { transport: 'http'; url: string; headers: Readonly<Record<string, string>> }
    | { transport: 'stdio'; command: string; args: readonly string[]; env: Readonly<Record<string, string>> }
  );

/** Without what parts a label from its tool in the names that models read: two servers' tools are never called the same. */
const LABEL = /^(?!.*__)[a-zA-Z0-9_-]{0,31}[a-zA-Z0-9-]$/;

/** The servers of an `mcp.json`. Throws an Error that says what is wrong in it. */
export function readMcpServers(content: string): readonly McpServerSettings[] {
  const servers = objectOf(parse(content), 'the file')['mcpServers'];
  return Object.entries(objectOf(servers, 'mcpServers')).map(([label, entry]) => readServer(label, entry));
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`names a file that is not JSON (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
}

function readServer(label: string, entry: unknown): McpServerSettings {
  if (!LABEL.test(label)) {
    throw wrong(`mcpServers.${label}`, 'a name of 1 to 32 letters, digits, - and single _, not at its end');
  }
  const place = `mcpServers.${label}`;
  const { url, command, ...fields } = objectOf(entry, place);
  const limits = {
    label,
    tools: fields['tools'] === undefined ? null : textsOf(fields['tools'], `${place}.tools`),
    projects: fields['projects'] === undefined ? null : textsOf(fields['projects'], `${place}.projects`),
  };
  if (typeof url === 'string' && command === undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw wrong(`${place}.url`, 'an http(s) URL');
    return { ...limits, transport: 'http', url, headers: textMapOf(fields['headers'], `${place}.headers`) };
  }
  if (typeof command === 'string' && command !== '' && url === undefined) {
    const args = fields['args'] === undefined ? [] : textsOf(fields['args'], `${place}.args`);
    return { ...limits, transport: 'stdio', command, args, env: textMapOf(fields['env'], `${place}.env`) };
  }
  throw wrong(place, 'an object with either "url" or "command"');
}

function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object');
  return value as Record<string, unknown>;
}

function textsOf(value: unknown, place: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrong(place, 'a list of texts');
  return value;
}

function textMapOf(value: unknown, place: string): Record<string, string> {
  const map = value === undefined ? {} : objectOf(value, place);
  for (const [name, text] of Object.entries(map)) {
    if (typeof text !== 'string') throw wrong(`${place}.${name}`, 'a text');
  }
  return map as Record<string, string>;
}

function wrong(place: string, expected: string): Error {
  return new Error(`names a file in which ${place} must be ${expected}`);
}
