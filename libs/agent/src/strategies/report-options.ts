/** Where and how the report of a conversation in tags is kept. */
export interface ReportOptions {
  /** Begins the file's name. */
  prefix: string;
  /** Whether the last message names the other files, too. */
  listsFiles: boolean;
  /** Keeps the file in the workspace. Gives its id. */
  save(name: string, text: string): Promise<string>;
  now?: () => Date;
}
