import { hostname } from 'node:os';
import { errorCode } from '@libs/kernel';

const DAY_MS = 24 * 60 * 60 * 1000;

/** This machine's name with nothing in it that would confuse `temporaryName`. */
const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '-');

/** A temporary file's name that tells who writes it: `<host>.<process id>.<unique>`. */
export function temporaryName(unique: string): string {
  return `${HOST}.${process.pid}.${unique}`;
}

/**
 * Whether nobody writes a temporary file any more, asked by a process that starts and so has written none itself.
 * Several processes may share the folder: one of this host is asked for by its id; of another host's, the file's age
 * decides.
 */
export function isAbandoned(name: string, modifiedAt: Date, now = Date.now()): boolean {
  const [host, writer] = name.split('.');
  const processId = Number(writer);
  if (host === HOST && Number.isInteger(processId) && processId > 0) {
    return processId === process.pid || !isAlive(processId);
  }
  return now - modifiedAt.getTime() > DAY_MS;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
