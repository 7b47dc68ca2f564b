/** The list envelope of openai-wire.md section 4.4. Empty lists have null ids. */
export interface WireList<Item> {
  object: 'list';
  data: Item[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

export function toWireList<Item extends { id: string }>(data: Item[], hasMore: boolean): WireList<Item> {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
