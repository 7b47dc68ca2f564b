import { toFile } from 'openai';
import type { ScriptedTurn } from '../../../fakes/model-server/index.js';
import { textOf, type ContractPlace } from '../contract-place.js';

const runCode = (code: string): ScriptedTurn => ({
  text: 'Let me count.',
  toolCalls: [{ name: 'code_interpreter', arguments: { code } }],
});
const PROGRAM = [
  "text = open('/mnt/data/words.txt').read()",
  "open('/mnt/data/count.txt', 'w').write(str(len(text.split())))",
  "print('words:', len(text.split()))",
].join('\n');

/** Code in the sandbox: on an uploaded file, with what it printed and wrote. */
export function describeCodeInterpreter(place: ContractPlace): void {
  it('reads a file, prints, writes a file, and the answer links to it', async () => {
    const { client } = place;
    const file = await toFile(Buffer.from('one two three'), 'words.txt');
    const upload = await client.files.create({ file, purpose: 'assistants' });
    place.model.setScript([runCode(PROGRAM), { text: 'Three: [count](sandbox:/mnt/data/count.txt).' }]);
    const assistant = await client.beta.assistants.create({
      model: place.model.model,
      tools: [{ type: 'code_interpreter' }],
      tool_resources: { code_interpreter: { file_ids: [upload.id] } },
    });
    const thread = await client.beta.threads.create({ messages: [{ role: 'user', content: 'Count.' }] });
    let input = '';
    let logs = '';
    const stream = client.beta.threads.runs
      .stream(thread.id, { assistant_id: assistant.id })
      .on('toolCallDelta', (delta) => {
        if (delta.type !== 'code_interpreter') return;
        input += delta.code_interpreter?.input ?? '';
        for (const output of delta.code_interpreter?.outputs ?? []) {
          if (output.type === 'logs') logs += output.logs ?? '';
        }
      });
    const run = await stream.finalRun();
    expect(run.status).toBe('completed');
    expect({ input, logs }).toEqual({ input: PROGRAM, logs: 'words: 3\n' });
    const steps = await place.steps(run);
    expect(steps.map(({ type }) => type)).toEqual(['message_creation', 'tool_calls', 'message_creation']);
    expect(steps[1]?.step_details).toMatchObject({
      tool_calls: [
        {
          type: 'code_interpreter',
          code_interpreter: { input: PROGRAM, outputs: [{ type: 'logs', logs: 'words: 3\n' }] },
        },
      ],
    });
    const message = (await place.messages(thread.id)).at(-1);
    const [part] = message?.content ?? [];
    const annotation = part?.type === 'text' ? part.text.annotations[0] : undefined;
    if (annotation?.type !== 'file_path') throw new Error(`No file in ${JSON.stringify(message)}`);
    expect(annotation.text).toBe('sandbox:/mnt/data/count.txt');
    expect(textOf(message).slice(annotation.start_index, annotation.end_index)).toBe(annotation.text);
    const content = await client.files.content(annotation.file_path.file_id);
    expect(await content.text()).toBe('3');
  });

  it('shows what went wrong in the code', async () => {
    place.model.setScript([runCode('1 / 0'), { text: 'That cannot be divided.' }]);
    const { threadId, assistant_id } = await place.assistantAndThread({ tools: [{ type: 'code_interpreter' }] });
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    expect(run.status).toBe('completed');
    const details = (await place.steps(run)).map((step) => step.step_details);
    expect(JSON.stringify(details)).toContain('ZeroDivisionError');
  });
}
