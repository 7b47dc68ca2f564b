const FIRST_HALF = 0xd8_00;
const SECOND_HALF = 0xdc_00;

/**
 * Keeps the first half of a character beyond the basic plane until its second comes: servers whose texts are of UTF-16
 * cut them anywhere, and half a character cannot be stored.
 */
export class WholeCharacters {
  #half = '';

  push(text: string): string {
    const joined = this.#half + text;
    const last = joined.charCodeAt(joined.length - 1);
    const isCut = last >= FIRST_HALF && last < SECOND_HALF;
    this.#half = isCut ? joined.slice(-1) : '';
    return isCut ? joined.slice(0, -1) : joined;
  }
}
