import { RecognisedText } from './recognised-text.js';

const LIMITS = { maxTextLength: 1000, maxSections: 100 };

function read(xhtml: string, size = 7): ReturnType<RecognisedText['finish']> {
  const reader = new RecognisedText(LIMITS);
  for (let start = 0; start < xhtml.length; start += size) reader.write(xhtml.slice(start, start + size));
  return reader.finish();
}

const page = (text: string): string => `<div class="page"><p />\n<div class="ocr">${text}\n\n</div></div>`;

describe('what a service recognised', () => {
  it.each([
    ['pages', `${page('One')}${page('Two')}`, 'One\n\nTwo\n\n', [1, 2]],
    ['a page without text keeps its number', `${page('')}${page('Two')}`, 'Two\n\n', [2]],
    ['an image, which has no pages', '<div class="ocr">A\nB</div>', 'A\nB\n\n', [null]],
    ['lines and paragraphs', page('a\nb\n \n \n\nc'), 'a\nb\n\nc\n\n', [1]],
    ['blocks', '<p>a</p><p>b<br/>c</p>', 'a\n\nb\nc\n\n', [null]],
    ['signs', page('a &lt;b&gt; &amp; &#228;'), 'a <b> & ä\n\n', [1]],
    ['not the title, nor what is no text', '<head><title>t</title></head><script>x</script>a', 'a\n\n', [null]],
    ['what is cut off', `${page('One')}<div class="page"><div class="ocr">Tw`, 'One\n\nTw\n\n', [1, 2]],
  ])('%s', (_, body, text, pages) => {
    const found = read(`<html><body>${body}</body></html>`);
    expect(found?.text).toBe(text);
    expect(found?.sections.map((section) => section.page)).toEqual(pages);
  });

  it('is nothing where there is only white space', () => expect(read(page(' \n'))).toBeNull());

  it('is not read where it is nested deeper than any page is', () => {
    expect(() => read('<div>'.repeat(5001), 1000)).toThrow('The markup is nested too deeply to be read.');
  });

  it('is not more than is allowed', () => {
    expect(() => read(page('a'.repeat(1001)), 100)).toThrow('The file holds more than 1000 characters of text');
  });
});
