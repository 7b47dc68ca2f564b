/** The data of the main job, made by the test from a fixed seed, and the numbers that the test finds in it itself. */
export interface Sale {
  orderId: number;
  date: string;
  region: string;
  product: string;
  units: number | null;
  price: number | null;
}

export const REGIONS = ['East', 'North', 'South', 'West'];
const PRODUCTS = ['Anvil', 'Bellows', 'Chisel'];
const ROWS = 500;
const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1);

/** mulberry32: small, seeded, and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function makeSales(seed = 20_250_101): Sale[] {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  return Array.from({ length: ROWS }, (_, index) => ({
    orderId: index + 1,
    date: new Date(START + Math.floor(random() * 365) * DAY_MS).toISOString().slice(0, 10),
    region: pick(REGIONS),
    product: pick(PRODUCTS),
    units: random() < 0.05 ? null : 1 + Math.floor(random() * 40),
    price: random() < 0.08 ? null : Math.round((5 + random() * 195) * 100) / 100,
  }));
}

export function toCsv(sales: readonly Sale[]): string {
  const lines = sales.map((sale) =>
    [sale.orderId, sale.date, sale.region, sale.product, sale.units ?? '', sale.price ?? ''].join(','),
  );
  return `order_id,date,region,product,units,price\n${lines.join('\n')}\n`;
}

export interface Facts {
  rows: number;
  missing: number;
  total: number;
  mean: number;
}

/** Of one numeric column, missing values left out. */
export function factsOf(sales: readonly Sale[], column: 'units' | 'price'): Facts {
  const values = sales.flatMap((sale) => sale[column] ?? []);
  const total = values.reduce((sum, value) => sum + value, 0);
  return { rows: sales.length, missing: sales.length - values.length, total, mean: total / values.length };
}

export function factsByRegion(sales: readonly Sale[], column: 'units' | 'price'): Record<string, Facts> {
  return Object.fromEntries(
    REGIONS.map((region) => [
      region,
      factsOf(
        sales.filter((sale) => sale.region === region),
        column,
      ),
    ]),
  );
}
