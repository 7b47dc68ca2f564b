import { checkRoom, LARGEST_PART_BYTES, MOST_PARTS, orderParts } from './upload-parts-rules.js';
import { demandNotEnded, demandPending, statusAt } from './upload-state.js';
import type { UploadRecord, UploadStatus } from './uploads.types.js';

const NOW = new Date('2026-01-01T12:00:00Z');
const LATER = new Date(NOW.getTime() + 1);

function upload(changes: Partial<UploadRecord> = {}): UploadRecord {
  return {
    id: 'upload_1',
    filename: 'a.csv',
    purpose: 'assistants',
    bytes: 6,
    mimeType: 'text/csv',
    status: 'pending',
    createdAt: NOW,
    expiresAt: LATER,
    fileLifeSeconds: null,
    fileId: null,
    ...changes,
  };
}

const STATUSES: UploadStatus[] = ['pending', 'completed', 'cancelled', 'expired'];

describe('the state of an upload', () => {
  it.each<[UploadStatus, Date, UploadStatus]>([
    ['pending', LATER, 'pending'],
    ['pending', NOW, 'expired'],
    ['completed', NOW, 'completed'],
    ['cancelled', NOW, 'cancelled'],
    ['expired', LATER, 'expired'],
  ])('%s until %s is %s', (status, expiresAt, expected) => {
    expect(statusAt({ status, expiresAt }, NOW)).toBe(expected);
  });

  it.each(STATUSES)('decides what may be done: %s', (status) => {
    const attempt = (): void => demandPending(upload({ status }), 'cancel', NOW);
    if (status === 'pending') expect(attempt).not.toThrow();
    else expect(attempt).toThrow(`Cannot cancel an upload with status '${status}'.`);
  });

  it('is over with the time, but not for what had begun', () => {
    const late = upload({ expiresAt: NOW });
    expect(() => demandPending(late, 'add parts to', NOW)).toThrow("with status 'expired'");
    expect(() => demandNotEnded(late, 'complete')).not.toThrow();
    expect(() => demandNotEnded(upload({ status: 'expired' }), 'complete')).toThrow("with status 'expired'");
  });

  it('names the file that was made', () => {
    const done = upload({ status: 'completed', fileId: 'file-1' });
    expect(() => demandPending(done, 'complete', NOW)).toThrow("It has made the file 'file-1'.");
  });
});

describe('orderParts', () => {
  const parts = [
    { id: 'a', bytes: 1 },
    { id: 'b', bytes: 2 },
    { id: 'c', bytes: 3 },
  ];
  const idsOf = (bytes: number, ids: string[]): string[] =>
    orderParts({ id: 'upload_1', bytes }, parts, ids).map(({ id }) => id);

  it.each([
    [6, ['a', 'b', 'c']],
    [6, ['c', 'a', 'b']],
    [4, ['c', 'a']],
  ])('takes %d bytes of %j in that order', (bytes, ids) => {
    expect(idsOf(bytes, ids)).toEqual(ids);
  });

  it.each<[number, string[], string]>([
    [6, ['a', 'b', 'x'], "No part found with id 'x' in upload 'upload_1'."],
    [2, ['a', 'a'], "The part 'a' is named more than once."],
    [6, ['a', 'b'], 'The parts have 3 bytes in total, but the upload was created for 6 bytes.'],
    [5, ['a', 'b', 'c'], 'The parts have 6 bytes in total, but the upload was created for 5 bytes.'],
  ])('refuses for %d bytes %j', (bytes, ids, message) => {
    expect(() => idsOf(bytes, ids)).toThrow(message);
  });
});

describe('checkRoom', () => {
  const most = 2 * 1000 + 2 * LARGEST_PART_BYTES;

  it.each<[string, number, number, number, boolean]>([
    ['the first part', 0, 0, 1000, true],
    ['the same part again', 1, 1000, 1000, true],
    ['the last byte that fits', 2, most - 1, 1, true],
    ['one byte too much', 2, most, 1, false],
    ['the last part', MOST_PARTS - 1, 0, 1, true],
    ['one part too many', MOST_PARTS, 0, 1, false],
  ])('%s', (_, count, bytes, partBytes, fits) => {
    const attempt = (): void => checkRoom({ bytes: 1000 }, { count, bytes }, partBytes);
    if (fits) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ status: 400 }));
  });
});
