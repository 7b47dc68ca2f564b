import { integer } from '../variable.js';

/** Sizes of what users send. */
export const FILES = {
  MAX_FILE_SIZE_MB: integer({ default: 512, min: 1, max: 1_048_576, description: 'Largest file upload, in MiB.' }),
  MAX_UPLOAD_SIZE_MB: integer({
    default: 8192,
    min: 1,
    max: 1_048_576,
    description: 'Largest file made of the parts of an upload (POST /v1/uploads), in MiB. A part has at most 64.',
  }),
  MAX_BODY_SIZE_MB: integer({ default: 32, min: 1, max: 1024, description: 'Largest JSON body, in MiB.' }),
} as const;
