/** The demo could not do its job. The message is one clear sentence for the reader of the terminal. */
export class DemoError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DemoError';
  }
}
