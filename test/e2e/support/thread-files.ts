import type OpenAI from 'openai';
import { PNG } from 'pngjs';

export interface ThreadFile {
  id: string;
  object: string;
  filename: string;
  name: string;
  size: number;
  url: string;
  created_at: number;
}

/** The extension `GET /v1/threads/{id}/files`. */
export async function listThreadFiles(client: OpenAI, threadId: string): Promise<ThreadFile[]> {
  const headers = { 'OpenAI-Beta': 'assistants=v2' };
  const list = await client.get<{ data: ThreadFile[] }>(`/threads/${threadId}/files`, { headers });
  return list.data;
}

export async function downloadFile(client: OpenAI, fileId: string): Promise<Buffer> {
  return Buffer.from(await (await client.files.content(fileId)).arrayBuffer());
}

const LEAST_COLOURED_SHARE = 0.02;

/** Fails unless the bytes decode as a picture in which something coloured was drawn. */
export function expectDrawnPicture(bytes: Buffer): void {
  const picture = PNG.sync.read(bytes);
  expect(picture.width).toBeGreaterThan(200);
  expect(picture.height).toBeGreaterThan(100);
  let coloured = 0;
  for (let index = 0; index < picture.data.length; index += 4) {
    const [red = 0, green = 0, blue = 0] = [picture.data[index], picture.data[index + 1], picture.data[index + 2]];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 50) coloured += 1;
  }
  expect(coloured).toBeGreaterThan(picture.width * picture.height * LEAST_COLOURED_SHARE);
}
