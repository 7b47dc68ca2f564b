import type { OpenAI } from 'openai';
import type { TestServer } from '../../support/server.js';
import type { StreamEvent } from './stream-events.js';

/** What the main job left behind, for tests of what came of it. */
export interface DoneJob {
  server: TestServer;
  client: OpenAI;
  sales: OpenAI.FileObject;
  notes: OpenAI.FileObject;
  assistant: OpenAI.Beta.Assistant;
  thread: OpenAI.Beta.Thread;
  events: StreamEvent[];
}
