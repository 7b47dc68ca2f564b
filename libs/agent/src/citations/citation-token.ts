const LONGEST_NAME = 120;
/** What would end the token, or break the line it stands in. */
const UNSAFE = /[【】†\p{Cc}\u2028\u2029]/gu;

/** A citation as messages show it, OpenAI's way (openai-wire.md section 7): `【4:0†name.txt】`. */
export const CITATION_TOKEN = /【\d+:\d+†[^【】†]*】/g;

/** File names are hostile: what the token's own marks are made of is taken out of them. */
export function citationToken(search: number, place: number, filename: string): string {
  const name = filename
    .replace(UNSAFE, '')
    .slice(0, LONGEST_NAME)
    .replace(/[\uD800-\uDBFF]$/, '');
  return `【${search}:${place}†${name === '' ? 'source' : name}】`;
}
