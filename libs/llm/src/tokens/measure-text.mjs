import { countPiece, PIECE_PATTERN } from './o200k-encoder.mjs';

/**
 * A hostile text is one word without end, which the pattern and the encoder take in more than linear time. Cut into
 * stretches of this length the count is off by at most a token a cut.
 */
const LONGEST_STRETCH = 32_768;
const LONGEST_PIECE = 32;
const CUT_BEFORE = /[ \n](?=\S*$)/;
const CUT_WITHIN = 256;

/** The pieces of a text (their ends in UTF-16 units, exclusive, ascending) and the tokens that each takes. */
export function measureText(text) {
  const pieces = new PieceList();
  for (let start = 0; start < text.length;) {
    const end = endOfStretch(text, start);
    measureStretch(text.slice(start, end), start, pieces);
    start = end;
  }
  return pieces.result();
}

function measureStretch(stretch, offset, pieces) {
  const pattern = new RegExp(PIECE_PATTERN, 'gu');
  for (const { 0: piece, index } of stretch.matchAll(pattern)) {
    for (let start = 0; start < piece.length;) {
      const end = wholeCharacter(piece, start + LONGEST_PIECE);
      pieces.add(offset + index + end, countPiece(piece.slice(start, end)));
      start = end;
    }
  }
}

/** Before a word, if there is one near. */
function endOfStretch(text, start) {
  const end = wholeCharacter(text, start + LONGEST_STRETCH);
  if (end >= text.length) return text.length;
  const from = end - CUT_WITHIN;
  const cut = text.slice(from, end).search(CUT_BEFORE);
  return cut === -1 ? end : from + cut;
}

/** `index`, or the one after where it would part a surrogate pair. */
function wholeCharacter(text, index) {
  if (index >= text.length) return text.length;
  const after = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  const parts = after >= 0xdc00 && after <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return parts ? index + 1 : index;
}

class PieceList {
  #ends = new Uint32Array(1024);
  #tokens = new Uint16Array(1024);
  #length = 0;

  add(end, tokens) {
    if (this.#length === this.#ends.length) this.#grow();
    this.#ends[this.#length] = end;
    this.#tokens[this.#length] = tokens;
    this.#length += 1;
  }

  result() {
    return { ends: this.#ends.slice(0, this.#length), tokens: this.#tokens.slice(0, this.#length) };
  }

  #grow() {
    const ends = new Uint32Array(this.#length * 2);
    const tokens = new Uint16Array(this.#length * 2);
    ends.set(this.#ends);
    tokens.set(this.#tokens);
    this.#ends = ends;
    this.#tokens = tokens;
  }
}
