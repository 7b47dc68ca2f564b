import { withSystemText } from './system-text.js';

const MESSAGES = [{ role: 'user' as const, content: 'hi' }];
const system = { role: 'system' as const, content: 's' };
const developer = { role: 'developer' as const, content: 's' };
const parts = { role: 'system' as const, content: [{ type: 'text' as const, text: 's' }] };

test.each([
  [MESSAGES, '', MESSAGES],
  [MESSAGES, 'p', [{ role: 'system', content: 'p' }, ...MESSAGES]],
  [[system, ...MESSAGES], 'p', [{ role: 'system', content: 's\n\np' }, ...MESSAGES]],
  [[developer, ...MESSAGES], 'p', [{ role: 'developer', content: 's\n\np' }, ...MESSAGES]],
  [[parts, ...MESSAGES], 'p', [{ role: 'system', content: 's\n\np' }, ...MESSAGES]],
  [[], 'p', [{ role: 'system', content: 'p' }]],
])('%#: a text joins the system message', (messages, text, joined) => {
  expect(withSystemText(messages, text)).toEqual(joined);
});
