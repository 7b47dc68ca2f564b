import { describe, expect, it } from '@jest/globals';
import { inlineMedia } from './chat-media.js';

const fetched: string[] = [];
const fetch = (url: string): Promise<{ body: Buffer; mediaType: string }> => {
  fetched.push(url);
  return Promise.resolve({ body: Buffer.from('bytes'), mediaType: 'image/png' });
};
const DATA = `data:image/png;base64,${Buffer.from('bytes').toString('base64')}`;

describe('inlineMedia', () => {
  it.each([
    [[{ role: 'user', content: 'https://example.com/a.png' }]],
    [[{ role: 'user', content: [{ type: 'text', text: 'https://example.com/a.png' }] }]],
    [[{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] }]],
    [[{ role: 'assistant', content: null }]],
  ])('leaves %j as it is', async (messages) => {
    expect(await inlineMedia(messages, undefined, fetch)).toBe(messages);
    expect(fetched).toEqual([]);
  });

  it('puts data in the place of every kind of URL, each fetched once', async () => {
    const url = 'https://example.com/a.png';
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url, detail: 'low' } },
      { type: 'image_url', image_url: url },
      { type: 'video_url', video_url: { url: 'https://example.com/b.mp4' } },
      { type: 'audio_url', audio_url: { url: 'file:///etc/passwd' } },
    ];
    expect(await inlineMedia([{ role: 'user', content, name: 'x' }], undefined, fetch)).toEqual([
      {
        role: 'user',
        name: 'x',
        content: [
          content[0],
          { type: 'image_url', image_url: { url: DATA, detail: 'low' } },
          { type: 'image_url', image_url: { url: DATA } },
          { type: 'video_url', video_url: { url: DATA } },
          { type: 'audio_url', audio_url: { url: DATA } },
        ],
      },
    ]);
    expect(fetched).toEqual([url, 'https://example.com/b.mp4', 'file:///etc/passwd']);
  });

  it.each(['http://127.0.0.1:9/x.png', 'http://169.254.169.254/latest', 'file:///etc/passwd', ' http://localhost/'])(
    'refuses %j',
    async (url) => {
      const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
      await expect(inlineMedia(messages)).rejects.toMatchObject({ status: 400, code: 'invalid_url' });
    },
  );
});
