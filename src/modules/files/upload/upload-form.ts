import { invalidRequest } from '@libs/openai-wire';
import { UPLOAD_PURPOSES, type UploadPurpose } from '../files.types.js';

/** The purposes in the order of the recorded error text (openai-wire.md section 4.3). */
const TOLD_PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'];

/** What the seeds' server took where none was given; OpenAI demands one. */
const DEFAULT_PURPOSE: UploadPurpose = 'assistants';

const SHORTEST_LIFE_SECONDS = 3600;
const LONGEST_LIFE_SECONDS = 2_592_000;
const ANCHOR = 'expires_after[anchor]';
const SECONDS = 'expires_after[seconds]';
const LONGEST_SHOWN = 100;

/** The text fields of an upload, checked. */
export interface UploadForm {
  purpose: UploadPurpose;
  expiresAfterSeconds?: number;
}

/** Checks one field as soon as it comes in, so that a wrong one in front of a large file stops it. Throws 400. */
export function checkUploadField(name: string, value: string): void {
  switch (name) {
    case 'purpose':
      return void readPurpose(value);
    case ANCHOR:
      if (value !== 'created_at') {
        throw invalidRequest(`${quote(value)} is not one of ['created_at'] - 'expires_after.anchor'`, 'expires_after');
      }
      return;
    case SECONDS:
      return void readSeconds(value);
    case 'file':
      throw invalidRequest("Expected 'file' to be a file, but got a text field.", 'file', 'invalid_type');
    default:
      throw unknownField(name);
  }
}

/** Puts the fields together once all are there. Throws 400. */
export function readUploadForm(fields: ReadonlyMap<string, string>): UploadForm {
  for (const [name, value] of fields) checkUploadField(name, value);
  const purpose = fields.get('purpose');
  const [anchor, seconds] = [fields.get(ANCHOR), fields.get(SECONDS)];
  if ((anchor === undefined) !== (seconds === undefined)) {
    const missing = anchor === undefined ? 'anchor' : 'seconds';
    throw invalidRequest(`'${missing}' is a required property - 'expires_after'`, 'expires_after');
  }
  return {
    purpose: purpose === undefined ? DEFAULT_PURPOSE : readPurpose(purpose),
    ...(seconds === undefined ? {} : { expiresAfterSeconds: readSeconds(seconds) }),
  };
}

export function unknownField(name: string): Error {
  const shown = name.slice(0, LONGEST_SHOWN);
  return invalidRequest(`Unknown parameter: '${shown}'.`, shown, 'unknown_parameter');
}

function readPurpose(value: string): UploadPurpose {
  const purpose = UPLOAD_PURPOSES.find((name) => name === value);
  if (purpose !== undefined) return purpose;
  const told = TOLD_PURPOSES.map((name) => `'${name}'`).join(', ');
  throw invalidRequest(`${quote(value)} is not one of [${told}] - 'purpose'`, 'purpose');
}

function readSeconds(value: string): number {
  const problem = (text: string): Error =>
    invalidRequest(`${value.slice(0, LONGEST_SHOWN)} ${text} - 'expires_after.seconds'`, 'expires_after');
  if (!/^-?\d{1,15}$/.test(value)) {
    throw invalidRequest(`${quote(value)} is not of type 'integer' - 'expires_after.seconds'`, 'expires_after');
  }
  const seconds = Number(value);
  if (seconds < SHORTEST_LIFE_SECONDS) throw problem(`is less than the minimum of ${SHORTEST_LIFE_SECONDS}`);
  if (seconds > LONGEST_LIFE_SECONDS) throw problem(`is greater than the maximum of ${LONGEST_LIFE_SECONDS}`);
  return seconds;
}

function quote(value: string): string {
  return `'${value.slice(0, LONGEST_SHOWN)}'`;
}
