import type { ChatDelta, ChatRequest } from '../ports/chat-model.js';
import { estimateTokens, renderTurn } from './render-turn.js';

const TURN = { text: 'One two three. ', calls: [{ name: 'f', arguments: JSON.stringify({ x: '🌍'.repeat(60) }) }] };

function render(more: Partial<ChatRequest> = {}): {
  text: string;
  arguments: string;
  types: string[];
  last: ChatDelta[];
} {
  const deltas = [...renderTurn(TURN, { model: 'm', messages: [], ...more })];
  return {
    text: deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join(''),
    arguments: deltas.map((delta) => (delta.type === 'tool-call-arguments' ? delta.fragment : '')).join(''),
    types: deltas.map(({ type }) => type),
    last: deltas.slice(-2),
  };
}

describe('renderTurn', () => {
  it('streams words, then calls, then the end', () => {
    const { text, types, last, ...rest } = render();
    expect(text).toBe(TURN.text);
    expect(rest.arguments).toBe(TURN.calls[0]?.arguments);
    expect(types.slice(0, 4)).toEqual(['text', 'text', 'text', 'tool-call-start']);
    const written = estimateTokens(TURN.text + rest.arguments);
    expect(last).toEqual([
      { type: 'finish', reason: 'tool_calls' },
      { type: 'usage', usage: { promptTokens: 1, completionTokens: written, cachedTokens: 0, reasoningTokens: 0 } },
    ]);
  });

  it.each([
    [1, 'One ', ''],
    [2, 'One two ', ''],
    [4, TURN.text, '{'],
  ])('stops after %i tokens', (maxTokens, text, callArguments) => {
    const rendered = render({ maxTokens });
    expect(rendered).toMatchObject({ text, arguments: callArguments });
    expect(rendered.last[0]).toEqual({ type: 'finish', reason: 'length' });
    expect(rendered.last[1]).toMatchObject({ usage: { completionTokens: maxTokens } });
  });

  it('does not count a limit as reached that was just enough', () => {
    const written = TURN.text.length + (TURN.calls[0]?.arguments.length ?? 0);
    expect(render({ maxTokens: Math.ceil(written / 4) }).last[0]).toEqual({ type: 'finish', reason: 'tool_calls' });
  });

  it('ends before a stop text, and calls nothing then', () => {
    const { text, types, last } = render({ stop: ['three', 'two', ''] });
    expect(text).toBe('One ');
    expect(types).not.toContain('tool-call-start');
    expect(last[0]).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('never cuts a character in two', () => {
    for (const delta of renderTurn(TURN, { model: 'm', messages: [] })) {
      if (delta.type === 'tool-call-arguments') expect(delta.fragment).not.toMatch(/\p{Surrogate}/u);
    }
  });
});
