/** `npm run docs:config`: writes the README's table of environment variables from the one list in config/. */
import { readFile } from 'node:fs/promises';
import { renderVariablesTable } from '@config';
import { keepGenerated } from './support/generated.js';

const START = '<!-- config:start -->';
const END = '<!-- config:end -->';

const readme = await readFile('README.md', 'utf8');
const start = readme.indexOf(START);
const end = readme.indexOf(END);
if (start === -1 || end < start) throw new Error(`README.md needs the lines ${START} and ${END}, in this order.`);

const wanted = `${readme.slice(0, start + START.length)}\n${renderVariablesTable()}\n${readme.slice(end)}`;
await keepGenerated('README.md', wanted, 'npm run docs:config');
