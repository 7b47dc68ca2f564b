import { parseAbsolute, parseAuthority } from './targets.js';

describe('parseAuthority', () => {
  it.each([
    ['pypi.org:443', { host: 'pypi.org', port: 443 }],
    ['PyPI.org:443', { host: 'pypi.org', port: 443 }],
    ['10.0.0.1:80', { host: '10.0.0.1', port: 80 }],
    ['[::1]:80', { host: '[::1]', port: 80 }],
  ])('%s', (text, target) => {
    expect(parseAuthority(text)).toEqual(target);
  });

  it.each([
    ...['', 'pypi.org', 'pypi.org:', ':443', 'pypi.org:0', 'pypi.org:70000', 'pypi.org:0443', 'pypi.org:443:80'],
    ...['pypi.org.:443', '.pypi.org:443', 'a..b:1', 'a@pypi.org:443', 'http://pypi.org:443', 'pypi.org:443/x'],
    ...['pypi.org :443', 'pypi.org\u0000:443', 'pypi.org%00.evil:443', 'p\u0443pi.org:443', '::1:80', '[::1%25lo]:80'],
    ...['*.pypi.org:443', 'pypi.org:+443', 'pypi.org:44３'],
  ])('%j is none', (text) => {
    expect(parseAuthority(text)).toBeUndefined();
  });
});

describe('parseAbsolute', () => {
  it.each([
    ['http://a.example/x?y=1', { host: 'a.example', port: 80, path: '/x?y=1' }],
    ['HTTP://A.example:8080', { host: 'a.example', port: 8080, path: '/' }],
    ['http://0x7f.1/', { host: '127.0.0.1', port: 80, path: '/' }],
    ['http://a.example#@b.example/', { host: 'a.example', port: 80, path: '/' }],
    ['http://a.example\\@b.example/', { host: 'a.example', port: 80, path: '/@b.example/' }],
  ])('%s', (text, target) => {
    expect(parseAbsolute(text)).toEqual(target);
  });

  it.each([
    '/x',
    'https://a.example/',
    'ftp://a.example/',
    'http://u:p@a.example/',
    'http://',
    'http://a.example./',
    '*',
  ])('%j is none', (text) => {
    expect(parseAbsolute(text)).toBeUndefined();
  });
});
