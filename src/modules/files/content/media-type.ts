import { lookup } from 'mime-types';

const UNKNOWN = 'application/octet-stream';

/** Pictures that no browser runs anything in; SVG is not one of them. */
const RASTER_IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Shown or saved as they are by every browser that keeps to `nosniff`. */
const HARMLESS = new Set([
  ...RASTER_IMAGES,
  'application/json',
  'application/pdf',
  'application/zip',
  'text/csv',
  'text/markdown',
  'text/plain',
]);

/** What the ending of a name says; null for an unknown one. Content is never sniffed, nor a client believed. */
export function mediaTypeOf(filename: string): string | null {
  return lookup(filename) || null;
}

/** The type under which a file is given out: anything that could be active is only bytes. */
export function servedMediaType(filename: string): string {
  const type = mediaTypeOf(filename);
  if (type === null || !HARMLESS.has(type)) return UNKNOWN;
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
}

/** Whether a browser may show the file in place instead of saving it. */
export function isRasterImage(filename: string): boolean {
  return RASTER_IMAGES.has(mediaTypeOf(filename) ?? '');
}
