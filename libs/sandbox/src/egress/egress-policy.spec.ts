import { isNamed, ruleFor, type EgressRule } from './egress-policy.js';

const rule = (...hosts: string[]): EgressRule => ({ hosts, allowsPrivate: false, maxBytes: 1 });

describe('isNamed', () => {
  it.each<[string, string, number, boolean]>([
    ['pypi.org:443', 'pypi.org', 443, true],
    ['pypi.org:443', 'pypi.org', 80, false],
    ['pypi.org:443', 'pypi.org', 4430, false],
    ['pypi.org:443', 'www.pypi.org', 443, false],
    ['pypi.org:443', 'evilpypi.org', 443, false],
    ['pypi.org:443', 'pypi.org.evil', 443, false],
    ['*.corp.example:443', 'api.corp.example', 443, true],
    ['*.corp.example:443', 'a.b.corp.example', 443, true],
    ['*.corp.example:443', 'corp.example', 443, false],
    ['*.corp.example:443', '.corp.example', 443, false],
    ['*.corp.example:443', 'evilcorp.example', 443, false],
    ['10.0.0.7:80', '10.0.0.7', 80, true],
    ['[fd00::1]:80', '[fd00::1]', 80, true],
    ['10.0.0.7:80', '10.0.0.70', 80, false],
  ])('%s: %s at %i is %s', (pattern, host, port, expected) => {
    expect(isNamed(rule('other.example:1', pattern), host, port)).toBe(expected);
  });
});

describe('ruleFor', () => {
  const everyone = rule('a:1');
  const own = rule('b:1');
  const rules = new Map([
    ['*', everyone],
    ['proj_own', own],
    ['proj_none', rule()],
  ]);

  it.each([
    ['proj_any', everyone],
    ['proj_own', own],
    ['proj_none', undefined],
  ])('%s', (tenant, expected) => {
    expect(ruleFor(rules, tenant)).toBe(expected);
  });

  it('is none where nothing is configured', () => {
    expect(ruleFor(new Map(), 'proj_any')).toBeUndefined();
  });
});
