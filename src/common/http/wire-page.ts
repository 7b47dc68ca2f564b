import { toWireList, type WireList } from '@libs/openai-wire';

/** The wire's list of a page of records. */
export function toWirePage<Item, Wire extends { id: string }>(
  page: { items: Item[]; hasMore: boolean },
  toWire: (item: Item) => Wire,
): WireList<Wire> {
  return toWireList(page.items.map(toWire), page.hasMore);
}
