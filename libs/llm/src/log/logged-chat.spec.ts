import { ScriptedModel, finish, text } from '../../../../test/builders/scripted-model.js';
import type { ChatMessage } from '../ports/chat-model.js';
import { loggedChat } from './logged-chat.js';
import type { ModelCallRecord } from './model-log.js';

test('a record keeps the messages that were sent, whatever its caller adds to them later', async () => {
  const records: ModelCallRecord[] = [];
  const log = { wants: () => true, add: (record: ModelCallRecord) => void records.push(record) };
  const model = loggedChat(new ScriptedModel([[text('hi'), finish('stop')]]), 'vllm', log);
  const messages: ChatMessage[] = [{ role: 'user', content: 'one' }];
  for await (const delta of model.stream({ model: 'm', messages })) void delta;
  messages.push({ role: 'assistant', content: 'hi' });
  expect(records).toMatchObject([{ request: { messages: [{ content: 'one' }] }, answer: { text: 'hi' } }]);
});
