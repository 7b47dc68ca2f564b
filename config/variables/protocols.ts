/** What an address of an HTTP server may begin with. */
export const HTTP = ['http', 'https'] as const;
