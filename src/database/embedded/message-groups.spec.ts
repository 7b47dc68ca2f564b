import { MessageGroups } from './message-groups.js';

function message(kind: string, body = ''): Buffer {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.write(kind + '\0\0\0\0' + body, 'latin1');
  bytes.writeInt32BE(4 + body.length, 1);
  return bytes;
}

function first(version: number, body = ''): Buffer {
  const bytes = Buffer.alloc(8 + body.length);
  bytes.writeInt32BE(bytes.length, 0);
  bytes.writeInt32BE(version, 4);
  bytes.write(body, 8, 'latin1');
  return bytes;
}

const START = first(196_608, 'user\0postgres\0\0');
const STATEMENT = Buffer.concat(['P', 'B', 'D', 'E', 'S'].map((kind) => message(kind, 'body')));

/** Kinds of the messages in each group. */
function kindsOf(groups: ReturnType<MessageGroups['push']>): string[] {
  return groups.map((group) => (group.type === 'messages' ? String.fromCharCode(group.bytes[0] ?? 0) : group.type));
}

describe('MessageGroups', () => {
  it.each<[string, Buffer[], number[]]>([
    ['a statement is one group', [STATEMENT], [STATEMENT.length]],
    ['a query is one', [message('Q', 'SELECT 1\0')], [14]],
    ['two statements are two', [STATEMENT, STATEMENT], [STATEMENT.length, STATEMENT.length]],
    ['what is to be answered at once ends a group', [message('P'), message('H'), message('S')], [10, 5]],
    ['a group that goes on is not run', [message('P'), message('B')], []],
    ['half a message is not run', [message('Q', 'SELECT').subarray(0, 8)], []],
  ])('%s', (_, sent, lengths) => {
    const groups = new MessageGroups();
    groups.push(START);
    const found = groups.push(Buffer.concat(sent));
    expect(found.map((group) => (group.type === 'messages' ? group.bytes.length : 0))).toEqual(lengths);
  });

  it.each([1, 3, 7])('finds the same in pieces of %d bytes', (size) => {
    const groups = new MessageGroups();
    const bytes = Buffer.concat([first(80_877_103), START, STATEMENT, message('Q', 'x')]);
    const found = [];
    for (let at = 0; at < bytes.length; at += size) found.push(...groups.push(bytes.subarray(at, at + size)));
    expect(kindsOf(found)).toEqual(['encryption', '\0', 'P', 'Q']);
    expect(found[2]).toEqual({ type: 'messages', bytes: new Uint8Array(STATEMENT) });
  });

  it('knows what stands in the place of a start', () => {
    expect(kindsOf(new MessageGroups().push(first(80_877_102, 'key and id')))).toEqual(['cancel']);
    expect(kindsOf(new MessageGroups().push(first(80_877_104)))).toEqual(['encryption']);
  });

  it.each([
    ['at the beginning', Buffer.from([0, 0, 0, 3]), false],
    ['later', Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff]), true],
  ])('refuses a length that cannot be, %s', (_, bytes, started) => {
    const groups = new MessageGroups();
    if (started) groups.push(START);
    expect(() => groups.push(bytes)).toThrow('cannot be');
  });
});
