import { isIP } from 'node:net';
import { plainAddress } from '@sluice/service-shell';
import type { FastifyRequest } from 'fastify';
import { isListed } from './ip-list.js';

/** Returns the client address of a request. */
export function addressOf(
  { socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>,
  trustedProxies: readonly string[],
): string {
  const forwarded = headers['x-forwarded-for'];
  return clientAddress(
    socket.remoteAddress ?? '',
    Array.isArray(forwarded) ? forwarded[0] : forwarded,
    trustedProxies,
  );
}

/**
 * Returns the origin of a request: the socket's address. If the socket belongs to a trusted proxy,
 * the last entry of `X-Forwarded-For` replaces the address, repeatedly for chained proxies. Entries
 * written by other parties are ignored. An invalid entry ends the walk at the sending proxy. IPv4
 * inside IPv6 is returned as IPv4: one client has one address at every kind of socket.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
): string {
  const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? [];
  let address = socketAddress;
  while (isListed(address, trustedProxies)) {
    const next = hops.pop();
    if (next === undefined || isIP(next) === 0) break;
    address = next;
  }
  return plainAddress(address);
}
