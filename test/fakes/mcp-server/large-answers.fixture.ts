import { createInterface } from 'node:readline';
import { largeAnswer, type Flood } from './large-answers.js';

createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line) as Parameters<typeof largeAnswer>[1];
  const result = largeAnswer(process.argv[2] as Flood, asked);
  if (result) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: asked.id, result })}\n`);
});
