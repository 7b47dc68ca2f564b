import { sectionsIn, type Section } from './sections.js';

const answer = (body: string): Section => ({ tag: 'Answer', body });

test.each<[string, string, Section[]]>([
  ['none', 'Just 42.', []],
  ['several', '<Analyze>a</Analyze>\n<Answer>b</Answer>', [{ tag: 'Analyze', body: 'a' }, answer('b')]],
  ['one that was left open', '<Answer>42', [answer('42')]],
  ['one left open before another', '<Analyze>a<Answer>42</Answer>', [{ tag: 'Analyze', body: 'a' }, answer('42')]],
  ['its end between backticks', '<Answer>Say `</Answer>` twice.</Answer>', [answer('Say `</Answer>` twice.')]],
  ['its end in a fence', '<Answer>\n```\n</Answer>\n```\n42</Answer>', [answer('\n```\n</Answer>\n```\n42')]],
  ['what code printed', '<Execute>\n```\n<Answer>1</Answer>\n```\n</Execute><Answer>2</Answer>', [answer('2')]],
  ['the end of another', '<Answer>a </Analyze> b</Answer>', [answer('a </Analyze> b')]],
  ['a name that every object has', '<constructor>a</constructor>', []],
])('%s', (_, text, expected) => {
  expect(sectionsIn(text)).toEqual(expected);
});
