const MARK = 'd0cf11e0a1b11ae1';

/** Microsoft's container of old Office files, and of new ones that bear a password. */
export function isCompoundFile(bytes: Buffer): boolean {
  return bytes.toString('hex', 0, MARK.length / 2) === MARK;
}
