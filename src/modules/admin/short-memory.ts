import { systemClock, type Clock } from '@libs/kernel';

/** Remembers for a while what it looked up, and looks once for all who ask at the same time. */
export class ShortMemory<Value> {
  private known: { value: Value; until: number } | undefined;
  private looking: Promise<Value> | undefined;
  /** Rises with what is told: a look that began before tells nothing. */
  private told = 0;

  constructor(
    private readonly look: () => Promise<Value>,
    private readonly lifeMs: number,
    private readonly clock: Clock = systemClock,
  ) {}

  get(): Promise<Value> {
    if (this.known && this.clock.now() < this.known.until) return Promise.resolve(this.known.value);
    this.looking ??= this.lookUp().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** What a look would find now. */
  tell(value: Value): void {
    this.told += 1;
    this.looking = undefined;
    this.known = { value, until: this.clock.now() + this.lifeMs };
  }

  private async lookUp(): Promise<Value> {
    const { told } = this;
    const value = await this.look();
    if (told === this.told) this.known = { value, until: this.clock.now() + this.lifeMs };
    return value;
  }
}
