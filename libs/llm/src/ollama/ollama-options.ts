/** How long Ollama keeps a model in memory after a request: seconds, or a text such as `10m`; 0 unloads it, negative is for ever. */
export type KeepAlive = string | number;

/** What the administrator says about an Ollama server. */
export interface OllamaOptions {
  /** Absent: as the server is set up. */
  keepAlive?: KeepAlive | undefined;
  /** Context of its models in tokens, where nothing is said of the model. Absent: as the server is set up. */
  contextSize?: number | undefined;
  /** Whether it pulls models that the catalog places there and it does not have. */
  pull?: boolean | undefined;
  /** The models that the catalog places there, by its own names. */
  placed?: ReadonlySet<string> | undefined;
}
