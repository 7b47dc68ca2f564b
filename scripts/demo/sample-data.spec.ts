import { createHash } from 'node:crypto';
import { makeSales, toCsv, type Sale } from './sample-data.js';

const SALES = makeSales(2026, 1000);

function shareMissing(name: 'units' | 'price' | 'discount'): number {
  return SALES.filter((sale) => sale[name] === null).length / SALES.length;
}

describe('makeSales', () => {
  it('gives the same sample for the same seed, on every machine', () => {
    const digest = createHash('sha256').update(toCsv(SALES)).digest('hex');
    expect(digest).toBe('00c63f8523f3991bab11b268305c833930326b83380a6d328c3ed0a887ced104');
    expect(toCsv(makeSales(2027, 1000))).not.toBe(toCsv(SALES));
  });

  it('has every region and every product', () => {
    const names = (name: 'region' | 'product'): string[] => [...new Set(SALES.map((sale) => sale[name]))].sort();
    expect(names('region')).toEqual(['East', 'North', 'South', 'West']);
    expect(names('product')).toEqual(['Bobbin', 'Heddle', 'Loom', 'Shuttle']);
  });

  it.each(['units', 'price', 'discount'] as const)('leaves some of %s out', (name) => {
    expect(shareMissing(name)).toBeGreaterThan(0.01);
    expect(shareMissing(name)).toBeLessThan(0.06);
  });

  it('keeps to what a sale can be', () => {
    const isSale = ({ date, units, price, discount }: Sale): boolean =>
      /^2025-\d\d-\d\d$/.test(date) &&
      (units === null || (Number.isInteger(units) && units > 0)) &&
      (price === null || price > 0) &&
      (discount === null || (discount >= 0 && discount <= 0.3));
    expect(SALES.filter((sale) => !isSale(sale))).toEqual([]);
  });
});

describe('toCsv', () => {
  it('leaves the cell of what is missing empty', () => {
    const sale = {
      orderId: 7,
      date: '2025-03-01',
      region: 'East',
      product: 'Loom',
      units: null,
      price: 9.5,
      discount: 0,
    };
    expect(toCsv([sale])).toBe('order_id,date,region,product,units,price,discount\n7,2025-03-01,East,Loom,,9.50,0\n');
  });
});
