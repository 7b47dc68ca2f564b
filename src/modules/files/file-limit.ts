import type { Config } from '@config';

export const BYTES_PER_MEBIBYTE = 1024 * 1024;

/** The most bytes of one file, whoever makes it. */
export function fileLimitBytes(config: Config): number {
  return config.MAX_FILE_SIZE_MB * BYTES_PER_MEBIBYTE;
}
