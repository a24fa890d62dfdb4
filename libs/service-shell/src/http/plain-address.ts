import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Returns the usual spelling of an address. A server that listens at `::` sees IPv4 clients as
 * `::ffff:203.0.113.7`: limits, lists and logs need `203.0.113.7`. A text without an address is
 * returned unchanged.
 */
export function plainAddress(address: string): string {
  return isIP(address) === 0 ? address : ipaddr.process(address).toString();
}
