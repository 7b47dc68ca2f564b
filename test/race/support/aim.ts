const FIRST_AIM_MS = 100;
const STEP = 1.15;

/** Delays about the moment at which two events come at once: each outcome moves the aim, however fast the machine is. */
export class Aim {
  private milliseconds = FIRST_AIM_MS;

  delay(random: () => number): number {
    return this.milliseconds * (0.5 + random());
  }

  tooEarly(): void {
    this.milliseconds *= STEP;
  }

  tooLate(): void {
    this.milliseconds /= STEP;
  }
}
