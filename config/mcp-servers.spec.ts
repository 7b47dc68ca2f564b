import { readMcpServers } from './mcp-servers.js';

const read = (mcpServers: unknown): unknown => readMcpServers(JSON.stringify({ mcpServers }));

describe('readMcpServers', () => {
  it('reads servers of both kinds', () => {
    const servers = read({
      web: {
        url: 'https://mcp.example/mcp',
        headers: { authorization: 'Bearer x' },
        tools: ['a'],
        projects: ['proj_1'],
      },
      local: { command: 'npx', args: ['-y', 'server'], env: { KEY: 'y' } },
    });
    expect(servers).toEqual([
      {
        label: 'web',
        transport: 'http',
        url: 'https://mcp.example/mcp',
        headers: { authorization: 'Bearer x' },
        tools: ['a'],
        projects: ['proj_1'],
      },
      {
        label: 'local',
        transport: 'stdio',
        command: 'npx',
        args: ['-y', 'server'],
        env: { KEY: 'y' },
        tools: null,
        projects: null,
      },
    ]);
  });

  it.each([
    [[], /mcpServers must be an object/],
    [{ 'a b': { url: 'http://x' } }, /mcpServers.a b must be a name/],
    [{ a__b: { url: 'http://x' } }, /mcpServers.a__b must be a name/],
    [{ a_: { url: 'http://x' } }, /mcpServers.a_ must be a name/],
    [{ a: 'http://x' }, /mcpServers.a must be an object/],
    [{ a: {} }, /either "url" or "command"/],
    [{ a: { url: 'http://x', command: 'y' } }, /either "url" or "command"/],
    [{ a: { url: 'file:///etc/passwd' } }, /mcpServers.a.url must be an http\(s\) URL/],
    [{ a: { url: 'http://x', headers: { b: 1 } } }, /mcpServers.a.headers.b must be a text/],
    [{ a: { command: 'x', args: 'y' } }, /mcpServers.a.args must be a list of texts/],
  ])('%j is wrong', (servers, message) => {
    expect(() => read(servers)).toThrow(message);
  });

  it('says that a file is not JSON', () => {
    expect(() => readMcpServers('{')).toThrow(/is not JSON/);
  });
});
