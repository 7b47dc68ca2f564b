/** Finds what an administrator made the default model; null: nothing. */
type FindChoice = () => Promise<string | null>;

/**
 * The default model that an administrator chose while servers run. It wins over DEFAULT_MODEL. Only requests that name no
 * model ask for it.
 */
export class ChosenModel {
  private findChoice: FindChoice = () => Promise.resolve(null);

  /** Whoever keeps the choice says here how it is found. */
  foundBy(findChoice: FindChoice): void {
    this.findChoice = findChoice;
  }

  find(): Promise<string | null> {
    return this.findChoice();
  }
}
