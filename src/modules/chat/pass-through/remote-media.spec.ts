import { namesRemoteMedia } from './remote-media.js';

describe('namesRemoteMedia', () => {
  const image = (url: string): object => ({ type: 'image_url', image_url: { url } });
  it.each([
    [{ input: 'http://example.com/a.png' }, false],
    [{ input: [image('data:image/png;base64,AA==')] }, false],
    [{ messages: [{ role: 'user', content: [image('http://10.0.0.1/')] }] }, true],
    [{ query: { content: [image('file:///etc/passwd')] } }, true],
    [{ documents: ['a', { content: [{ video_url: 'https://example.com/' }] }] }, true],
    [{ image_url: null }, false],
    [null, false],
  ])('%j: %s', (body, expected) => {
    expect(namesRemoteMedia(body)).toBe(expected);
  });
});
