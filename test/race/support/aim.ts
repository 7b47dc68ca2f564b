/** Small, because many attempts are under way before the first of them has moved the aim. */
const STEP = 1.08;
/** Delays lie between a third of the aim and three times it. */
const SPREAD = 3;
const LONGEST = 5;

/** Delays about the moment at which two events come at once: each outcome moves the aim, however fast the machine is. */
export class Aim {
  private milliseconds: number;

  constructor(private readonly first: number) {
    this.milliseconds = first;
  }

  delay(random: () => number): number {
    return this.milliseconds * SPREAD ** (random() * 2 - 1);
  }

  tooEarly(): void {
    this.milliseconds = Math.min(this.milliseconds * STEP, this.first * LONGEST);
  }

  tooLate(): void {
    this.milliseconds /= STEP;
  }
}
