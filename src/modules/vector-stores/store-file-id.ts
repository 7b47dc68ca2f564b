/** The id of a file's row in a store: made of both, so that a list's cursor, which is a file's id, names a row, too. */
export function storeFileId(vectorStoreId: string, fileId: string): string {
  return `${vectorStoreId}:${fileId}`;
}
