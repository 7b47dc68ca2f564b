import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '@libs/kernel';

const SECRET_BYTES = 48;
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/**
 * The secret kept in a file, made at the first call. Processes that start at once agree on one: it is written aside
 * and linked into place, which fails for all but the first.
 */
export async function loadOrCreateSecret(path: string): Promise<string> {
  return (await readSecret(path)) ?? createSecret(path);
}

async function readSecret(path: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret === '') throw new Error(`The secret in ${path} is empty. Remove the file to have a new one made.`);
    return secret;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function createSecret(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const ownPath = `${path}.${randomBytes(8).toString('hex')}`;
  const handle = await open(ownPath, 'wx', OWNER_ONLY_FILE);
  try {
    await handle.writeFile(randomBytes(SECRET_BYTES).toString('base64url'));
    await handle.sync();
    await link(ownPath, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await rm(ownPath, { force: true });
  }
  return readFile(path, 'utf8');
}
