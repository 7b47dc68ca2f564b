/** Conversations whose slot is remembered; the longest unused is forgotten. */
const MOST_CONVERSATIONS = 10_000;

/** Which conversation is in which slot of a llama.cpp server, as far as this process knows. */
export class SlotAffinity {
  /** By conversation, the longest unused first. */
  readonly #slotOf = new Map<string, number>();
  readonly #taken = new Set<number>();

  /**
   * The slot for a conversation's next turn, held until `release`. Undefined where the server had better choose: a request
   * for a slot that is at work waits for it, even while others are idle.
   */
  take(conversation: string, count: number, busy: ReadonlySet<number>): number | undefined {
    const isFree = (slot: number): boolean => !busy.has(slot) && !this.#taken.has(slot);
    const kept = this.#slotOf.get(conversation);
    const slot = kept !== undefined && kept < count ? kept : this.#leastUsed(count, isFree);
    if (slot === undefined || !isFree(slot)) return undefined;
    this.#remember(conversation, slot);
    this.#taken.add(slot);
    return slot;
  }

  release(slot: number): void {
    this.#taken.delete(slot);
  }

  /** A free slot without a conversation, else that whose last turn is the longest ago. */
  #leastUsed(count: number, isFree: (slot: number) => boolean): number | undefined {
    const lastTurn = new Map<number, number>();
    let turn = 0;
    for (const slot of this.#slotOf.values()) lastTurn.set(slot, (turn += 1));
    const free = Array.from({ length: count }, (_, slot) => slot).filter(isFree);
    return free.sort((one, other) => (lastTurn.get(one) ?? 0) - (lastTurn.get(other) ?? 0))[0];
  }

  #remember(conversation: string, slot: number): void {
    this.#slotOf.delete(conversation);
    this.#slotOf.set(conversation, slot);
    const [oldest] = this.#slotOf.keys();
    if (this.#slotOf.size > MOST_CONVERSATIONS && oldest !== undefined) this.#slotOf.delete(oldest);
  }
}
