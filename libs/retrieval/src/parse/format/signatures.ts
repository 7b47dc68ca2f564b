/** Files whose first bytes tell what they are, and that nobody here reads. */
const SIGNATURES: readonly (readonly [what: string, hex: string, offset?: number])[] = [
  ['a PNG image', '89504e470d0a1a0a'],
  ['a JPEG image', 'ffd8ff'],
  ['a GIF image', '474946383761'],
  ['a GIF image', '474946383961'],
  ['a WebP image', '57454250', 8],
  ['a TIFF image', '49492a00'],
  ['a TIFF image', '4d4d002a'],
  ['a HEIC or MP4 file', '66747970', 4],
  ['a WAV sound', '57415645', 8],
  ['an MP3 sound', '494433'],
  ['an Ogg file', '4f676753'],
  ['a FLAC sound', '664c6143'],
  ['a Matroska or WebM video', '1a45dfa3'],
  ['a gzip archive', '1f8b08'],
  ['a bzip2 archive', '425a6839'],
  ['an xz archive', 'fd377a585a00'],
  ['a Zstandard archive', '28b52ffd'],
  ['a 7-Zip archive', '377abcaf271c'],
  ['a RAR archive', '526172211a07'],
  ['a tar archive', '7573746172', 257],
  ['a program', '7f454c46'],
  ['a program', '4d5a90'],
  ['a program', 'cffaedfe'],
  ['a program', '0061736d'],
  ['an SQLite database', '53514c69746520666f726d6174203300'],
  ['a Parquet file', '50415231'],
  ['a Python pickle', '80049500000000'],
  ['an RTF document', '7b5c727466'],
  ['a PostScript file', '25215053'],
];

const LONGEST_LOOK = 512;

/** Those in which services that recognise text look for some. */
const PICTURES: ReadonlySet<string> = new Set(['a PNG image', 'a JPEG image', 'a WebP image', 'a TIFF image']);

export function isPicture(kind: string): boolean {
  return PICTURES.has(kind);
}

/** What the file is, as in "The file is …", if its kind is known and not read. */
export function knownUnread(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, LONGEST_LOOK);
  return SIGNATURES.find(([, hex, offset = 0]) => start.startsWith(hex, offset * 2))?.[0];
}
