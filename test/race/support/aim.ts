const STEP = 1.15;
/** Delays lie between a third of the aim and three times it. */
const SPREAD = 3;

/** Delays about the moment at which two events come at once: each outcome moves the aim, however fast the machine is. */
export class Aim {
  constructor(private milliseconds: number) {}

  delay(random: () => number): number {
    return this.milliseconds * SPREAD ** (random() * 2 - 1);
  }

  tooEarly(): void {
    this.milliseconds *= STEP;
  }

  tooLate(): void {
    this.milliseconds /= STEP;
  }
}
