import { parseFilePath, toFilePath } from './file-address.js';
import { FileUrlSigner } from './file-url-signer.js';

const address = { workspaceId: 'thread_abc', kind: 'generated', name: 'plots/my chart#1?.png' } as const;

describe('paths of files', () => {
  it.each([
    [address, '/thread_abc/generated/plots/my%20chart%231%3F.png'],
    [
      { workspaceId: 'chatcmpl-1', kind: 'uploaded', name: 'größe.csv' } as const,
      '/chatcmpl-1/uploads/gr%C3%B6%C3%9Fe.csv',
    ],
  ])('are written and read back', (file, path) => {
    expect(toFilePath(file)).toBe(path);
    expect(parseFilePath(path)).toEqual(file);
  });

  it.each([
    [''],
    ['/'],
    ['*'],
    ['/thread_abc'],
    ['/thread_abc/'],
    ['/thread_abc/generated'],
    ['/thread_abc/generated/'],
    ['/thread_abc/generated//a'],
    ['/thread_abc/secret/a.txt'],
    ['//generated/a.txt'],
    ['http://other/thread_abc/generated/a'],
    ['/thread_abc/generated/%'],
    ['/thread_abc/generated/a%00b'],
    ['/thread_abc/generated/a%2Fb'],
  ])('are refused: %j', (path) => expect(parseFilePath(path)).toBeUndefined());
});

describe('FileUrlSigner', () => {
  const signer = new FileUrlSigner(Buffer.alloc(32, 1));
  const queryOf = (signed: string): URLSearchParams => new URLSearchParams(signed.slice(signed.indexOf('?') + 1));

  it('knows its own signature, and when it ends', () => {
    expect(signer.verify(address, queryOf(signer.sign(address, 1_900_000_000)))).toBe(1_900_000_000);
  });

  const good = queryOf(signer.sign(address, 1_900_000_000));
  const signature = good.get('signature') ?? '';
  it.each([
    ['another workspace', { ...address, workspaceId: 'thread_abd' }, good],
    ['the other kind', { ...address, kind: 'uploaded' as const }, good],
    ['another name', { ...address, name: 'plots/my chart#2?.png' }, good],
    ['a later end', address, new URLSearchParams({ expires: '1900000001', signature })],
    ['the same end written otherwise', address, new URLSearchParams({ expires: '1900000000.0', signature })],
    ['no signature', address, new URLSearchParams({ expires: '1900000000' })],
    ['an empty signature', address, new URLSearchParams({ expires: '1900000000', signature: '' })],
    ['a cut signature', address, new URLSearchParams({ expires: '1900000000', signature: signature.slice(0, 20) })],
    ['a longer signature', address, new URLSearchParams({ expires: '1900000000', signature: `${signature}AAAA` })],
    ['no query', address, new URLSearchParams()],
  ])('refuses %s', (_, file, query) => expect(signer.verify(file, query)).toBeUndefined());

  it('refuses what another key signed', () => {
    const other = new FileUrlSigner(Buffer.alloc(32, 2));
    expect(signer.verify(address, queryOf(other.sign(address, 1_900_000_000)))).toBeUndefined();
  });
});
