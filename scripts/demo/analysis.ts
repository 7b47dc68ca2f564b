import { basename, join } from 'node:path';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type OpenAI from 'openai';
import { DemoError } from './demo-error.js';
import { toEntries, type Entry } from './transcript.js';

const INSTRUCTIONS = 'You analyse data. Use Python, and answer from what it computed.';

/** Names the column and the groups that numbers.ts computes a second time. */
export const QUESTION = 'What is the total of units by region? Draw a chart of it, please.';

export interface Analysis {
  /** The text of the assistant's last message. */
  answer: string;
  /** Where each file that the code wrote was saved. */
  savedFiles: string[];
}

/** The whole job through the official client: from a CSV file to an answer and the files that came with it. */
export async function analyse(
  client: OpenAI,
  csvPath: string,
  outputFolder: string,
  listen: (entry: Entry) => void,
): Promise<Analysis> {
  const file = await client.files.create({ file: createReadStream(csvPath), purpose: 'assistants' });
  const assistant = await client.beta.assistants.create({
    name: 'Analyst',
    model: await firstModel(client),
    instructions: INSTRUCTIONS,
    tools: [{ type: 'code_interpreter' }],
  });
  const thread = await client.beta.threads.create();
  await client.beta.threads.messages.create(thread.id, {
    role: 'user',
    content: QUESTION,
    attachments: [{ file_id: file.id, tools: [{ type: 'code_interpreter' }] }],
  });
  const message = await streamRun(client, thread.id, assistant.id, listen);
  const savedFiles: string[] = [];
  for (const id of fileIdsIn(message)) savedFiles.push(await save(client, id, outputFolder));
  return { answer: textOf(message), savedFiles };
}

async function firstModel(client: OpenAI): Promise<string> {
  const { data } = await client.models.list();
  const model = data[0];
  if (model === undefined) throw new DemoError('The server lists no model.');
  return model.id;
}

/** Runs the assistant and gives its last message. Throws a DemoError where the run does not complete. */
async function streamRun(
  client: OpenAI,
  threadId: string,
  assistantId: string,
  listen: (entry: Entry) => void,
): Promise<OpenAI.Beta.Threads.Message> {
  const stream = client.beta.threads.runs.stream(threadId, { assistant_id: assistantId });
  for await (const event of stream) toEntries(event).forEach(listen);
  const run = await stream.finalRun();
  if (run.status !== 'completed') {
    throw new DemoError(`The run ended as ${run.status}: ${run.last_error?.message ?? 'no reason was given'}`);
  }
  const message = (await stream.finalMessages()).at(-1);
  if (message === undefined) throw new DemoError('The run completed without a message.');
  return message;
}

function textOf({ content }: OpenAI.Beta.Threads.Message): string {
  return content.map((part) => (part.type === 'text' ? part.text.value : '')).join('\n');
}

/** Pictures, and what the text links to. */
function fileIdsIn({ content }: OpenAI.Beta.Threads.Message): string[] {
  const ids = content.flatMap((part) => {
    if (part.type === 'image_file') return [part.image_file.file_id];
    if (part.type !== 'text') return [];
    return part.text.annotations.flatMap((note) => (note.type === 'file_path' ? [note.file_path.file_id] : []));
  });
  return [...new Set(ids)];
}

async function save(client: OpenAI, id: string, folder: string): Promise<string> {
  const { filename } = await client.files.retrieve(id);
  const path = join(folder, basename(filename));
  const content = await client.files.content(id);
  await writeFile(path, Buffer.from(await content.arrayBuffer()));
  return path;
}
