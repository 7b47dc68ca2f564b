import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { mcpResultText } from './mcp-result.js';
import { mcpToolName } from './mcp-tool-name.js';

describe('mcpToolName', () => {
  it.each([
    ['weather', 'forecast', [], 'weather__forecast'],
    ['weather', 'get.fore cast', [], 'weather__get_fore_cast'],
    ['weather', 'forecast', ['weather__forecast'], 'weather__forecast_2'],
    ['w', 'x'.repeat(100), [], `w__${'x'.repeat(61)}`],
    ['w', 'x'.repeat(100), [`w__${'x'.repeat(61)}`], `w__${'x'.repeat(59)}_2`],
  ])('%s, %s beside %j', (label, tool, taken, name) => {
    expect(mcpToolName(label, tool, new Set(taken))).toBe(name);
  });
});

describe('mcpResultText', () => {
  const text = (value: string): CallToolResult['content'][number] => ({ type: 'text', text: value });

  it.each<[CallToolResult, string]>([
    [{ content: [text('a'), text('b')] }, 'a\n\nb'],
    [{ content: [] }, '(no content)'],
    [{ content: [], structuredContent: { a: 1 } }, '{"a":1}'],
    [{ content: [text('no')], isError: true }, 'The tool failed: no'],
    [{ content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }, '(image, image/png, not shown)'],
    [{ content: [{ type: 'resource', resource: { uri: 'a://b', text: 'inside' } }] }, 'inside'],
    [{ content: [{ type: 'resource', resource: { uri: 'a://b', blob: 'AA' } }] }, '(resource a://b, not shown)'],
    [{ content: [{ type: 'resource_link', name: 'Page', uri: 'https://a' }] }, 'Page: https://a'],
  ])('%j', (result, expected) => {
    expect(mcpResultText(result)).toBe(expected);
  });

  it('is bounded', () => {
    expect(mcpResultText({ content: [text('x'.repeat(100_005))] })).toMatch(/\(5 further characters left out\)$/);
  });
});
