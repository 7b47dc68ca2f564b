import {
  call,
  fakeInterpreter,
  finish,
  play,
  searchTool,
  text,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';
import { ChatMessageBuilder, ChatPresenter, type ChatDeltaParts } from './chat-presenter.js';
import type { UrlCitation } from './url-citations.js';

const PAGE = { title: 'Corn prices', address: 'https://a.example/corn' };
const LINK = `[here](${PAGE.address})`;
const SEARCH = [...call(0, 's1', 'web_search', '{"query":"corn"}'), finish('tool_calls')];
const CODE = [...call(0, 'c1', 'code_interpreter', '{"code":"1"}'), finish('tool_calls')];
const answer = (said: string): ScriptStep[] => [...Array.from(said, text), finish('stop')];

/** The deltas of an answer that searches first, and what each citation of the whole message stands for. */
async function presented(
  turns: ScriptStep[][],
): Promise<{ deltas: ChatDeltaParts[]; content: string; cited: [string, string, string][] }> {
  const tools = [searchTool('web_search', PAGE), fakeInterpreter()];
  const files = new Map([['a.csv', 'file-a']]);
  const { events } = await play([SEARCH, ...turns], { tools, files });
  const presenter = new ChatPresenter((fileId) => `http://files/${fileId}?a-longer-text-than-the-link`);
  const deltas = events.flatMap((event) => presenter.apply(event) ?? []);
  const builder = new ChatMessageBuilder();
  for (const delta of deltas) builder.add(delta);
  const { content, annotations } = builder.build() as { content: string; annotations?: UrlCitation[] };
  const characters = Array.from(content);
  const cited = (annotations ?? []).map(({ url_citation: { start_index, end_index, title, url } }) => [
    characters.slice(start_index, end_index).join(''),
    title,
    url,
  ]);
  return { deltas, content, cited: cited as [string, string, string][] };
}

it.each([
  ['a link alone', [answer(LINK)], 1],
  ['two, the second behind an emoji', [answer(`Four ${LINK}, 🌽 five ${LINK}.`)], 2],
  ['one in each of two messages, with code between', [[text(`${LINK} first.`), ...CODE], answer(`Then ${LINK}`)], 2],
  ['one behind a link to a file', [answer(`[a](sandbox:/mnt/data/a.csv) ${LINK}`)], 1],
  ['one that the end of the text completes', [answer(`See ${LINK.slice(0, -1)}`), answer('')], 0],
])('%s: citations stand where they say', async (_, turns, count) => {
  const { content, cited } = await presented(turns);
  expect(content).toContain(PAGE.address);
  expect(cited).toEqual(Array.from({ length: count }, () => [LINK, PAGE.title, PAGE.address]));
});

it('all citations come in one delta, the last', async () => {
  const { deltas } = await presented([answer(`${LINK} and ${LINK}`)]);
  const places = deltas.flatMap(({ annotations }, place) => (annotations ? [[place, annotations.length]] : []));
  expect(places).toEqual([[deltas.length - 1, 2]]);
});

it('an answer without citations has no field for them', async () => {
  const { deltas } = await presented([answer('Four dollars.')]);
  expect(deltas.filter((delta) => 'annotations' in delta)).toEqual([]);
});
