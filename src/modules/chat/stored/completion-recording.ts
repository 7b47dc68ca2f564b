/** Where one answer goes that its client asked to keep. */
export interface CompletionRecording {
  /**
   * Keeps the answer under its own id. Undefined: there is none that could be kept. Never rejects: the client has its
   * answer whether or not it could be kept, and the log says so.
   */
  save(completion: Record<string, unknown> | undefined): Promise<void>;
}
