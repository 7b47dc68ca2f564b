/** One line of the sample. `null` stands for a cell that nobody filled in. */
export interface Sale {
  orderId: number;
  /** ISO date of 2025. */
  date: string;
  region: string;
  product: string;
  units: number | null;
  /** Of one unit. */
  price: number | null;
  /** Share of the price, 0 to 0.3. */
  discount: number | null;
}

const REGIONS = [
  { name: 'North', weight: 0.32, busyness: 1.25 },
  { name: 'South', weight: 0.27, busyness: 1 },
  { name: 'East', weight: 0.23, busyness: 0.8 },
  { name: 'West', weight: 0.18, busyness: 1.5 },
];
const PRODUCTS = [
  { name: 'Bobbin', weight: 0.4, price: 4.5 },
  { name: 'Shuttle', weight: 0.3, price: 19.9 },
  { name: 'Heddle', weight: 0.2, price: 42 },
  { name: 'Loom', weight: 0.1, price: 389 },
];
const DISCOUNTS = [0, 0, 0, 0.05, 0.1, 0.2, 0.3];
const MOST_UNITS = 40;
const MISSING_SHARE = 0.03;
const MS_PER_DAY = 86_400_000;
const DAYS_OF_2025 = 365;
const FIRST_DAY = Date.UTC(2025, 0, 1);
const FIRST_ORDER = 10_001;

/** Sales that are the same for the same seed and count, on every machine. */
export function makeSales(seed: number, count: number): Sale[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => makeSale(random, FIRST_ORDER + index));
}

/** The sample as the CSV file that is uploaded. */
export function toCsv(sales: readonly Sale[]): string {
  const lines = sales.map(({ orderId, date, region, product, units, price, discount }) =>
    [orderId, date, region, product, units ?? '', price?.toFixed(2) ?? '', discount ?? ''].join(','),
  );
  return `${['order_id,date,region,product,units,price,discount', ...lines].join('\n')}\n`;
}

function makeSale(random: () => number, orderId: number): Sale {
  const day = Math.floor(random() * DAYS_OF_2025);
  const region = pickByWeight(REGIONS, random());
  const product = pickByWeight(PRODUCTS, random());
  const units = 1 + Math.floor(random() * MOST_UNITS * region.busyness);
  const price = Math.round(product.price * (0.9 + random() * 0.2) * 100) / 100;
  const discount = DISCOUNTS[Math.floor(random() * DISCOUNTS.length)] ?? 0;
  const orMissing = (value: number): number | null => (random() < MISSING_SHARE ? null : value);
  return {
    orderId,
    date: new Date(FIRST_DAY + day * MS_PER_DAY).toISOString().slice(0, 10),
    region: region.name,
    product: product.name,
    units: orMissing(units),
    price: orMissing(price),
    discount: orMissing(discount),
  };
}

/** The entry in whose stretch of the line from 0 to 1 the point lies. */
function pickByWeight<Entry extends { weight: number }>(entries: readonly Entry[], point: number): Entry {
  let end = 0;
  for (const entry of entries) {
    end += entry.weight;
    if (point < end) return entry;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('There is nothing to pick from.');
  return last;
}

/** Numbers from 0 up to 1: mulberry32 by Tommy Ettinger, public domain. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
