import ipaddr from 'ipaddr.js';

/**
 * Whether an address is one of the public internet. Private, loopback, link-local, shared, reserved and multicast ones
 * are not, nor those that tunnel to an IPv4 address (NAT64, 6to4, Teredo); an IPv4-mapped address counts as the IPv4 one.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
