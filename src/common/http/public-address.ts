import ipaddr from 'ipaddr.js';

/**
 * Whether an address is one of the public internet. Private, loopback, link-local, shared, reserved and multicast ones
 * are not, nor those that tunnel to an IPv4 address (NAT64, 6to4, Teredo); an IPv4-mapped address counts as the IPv4 one.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** Ranges in which servers of an organisation's own are. Link-local addresses are not among them. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);
/** Clouds hand out their machines' secrets there. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(['fd00:ec2::254', '100.100.100.200']);

/** Whether an address is one of an organisation's own network or of this machine, and tells no cloud's secrets. */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return PRIVATE_RANGES.has(parsed.range()) && !METADATA_ADDRESSES.has(parsed.toString());
}
