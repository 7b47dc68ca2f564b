import { parseByteRange } from './byte-range.js';
import { isRasterImage, mediaTypeOf, servedMediaType } from './media-type.js';

describe('parseByteRange', () => {
  it.each([
    [undefined, 10, 'whole'],
    ['', 10, 'whole'],
    ['bytes=0-3', 10, { start: 0, end: 3 }],
    ['bytes=5-', 10, { start: 5, end: 9 }],
    ['bytes=5-500', 10, { start: 5, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-300', 10, { start: 0, end: 9 }],
    ['bytes= 0 - 3', 10, { start: 0, end: 3 }],
    ['bytes=9-9', 10, { start: 9, end: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=3-1', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['items=0-1', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['bytes=a-b', 10, 'whole'],
    ['bytes=99999999999999999999999-', 10, 'unsatisfiable'],
  ])('reads %j of %i bytes', (header, bytes, range) => expect(parseByteRange(header, bytes)).toEqual(range));
});

describe('media types', () => {
  it.each([
    ['a.png', 'image/png', 'image/png', true],
    ['A.JPG', 'image/jpeg', 'image/jpeg', true],
    ['a.svg', 'image/svg+xml', 'application/octet-stream', false],
    ['a.html', 'text/html', 'application/octet-stream', false],
    ['a.xhtml', 'application/xhtml+xml', 'application/octet-stream', false],
    ['a.js', 'text/javascript', 'application/octet-stream', false],
    ['a.csv', 'text/csv', 'text/csv; charset=utf-8', false],
    ['a.json', 'application/json', 'application/json', false],
    ['a.png.html', 'text/html', 'application/octet-stream', false],
    ['a.unknown-ending', null, 'application/octet-stream', false],
    ['png', 'image/png', 'image/png', true],
  ])('of %j', (name, type, served, isImage) => {
    expect(mediaTypeOf(name)).toBe(type);
    expect(servedMediaType(name)).toBe(served);
    expect(isRasterImage(name)).toBe(isImage);
  });
});
