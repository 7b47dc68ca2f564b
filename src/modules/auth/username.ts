/** Letters and digits of any script, and what mail addresses have: nothing that would look like another name. */
export const USERNAME = /^[\p{L}\p{M}\p{N}._@+-]{3,50}$/u;

/** What is unique and looked up: the name regardless of case and of the way its letters are composed. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
