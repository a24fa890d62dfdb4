import type { OpenHaltDto } from '@sluice/http-api';
import { connectorOf, venueOf } from '../../api/services.js';

export const SCOPES = ['venue', 'asset', 'account', 'key', 'all'] as const;

/** A halt as a person asks for it. */
export interface HaltWish {
  readonly scope: string;
  readonly target: string;
  readonly details: string;
  /** Name of the wish; a repetition with the name finds the same halts. */
  readonly name: string;
}

/** Reason why a halt cannot be asked for; null if it can. */
export function haltFault(
  { scope, target, details }: HaltWish,
  connectors: readonly string[],
): string | null {
  if (details === '') return 'A reason is needed.';
  if (scope === 'all') return target === '' ? null : 'A halt of all names nothing.';
  if (target === '') return `Name the ${scope}.`;
  return scope === 'venue' && !connectors.includes(connectorOf(target))
    ? `No connector pays through ${target}: there are ${connectors.map(venueOf).join(', ')}.`
    : null;
}

/**
 * Requests of a halt to each service. A venue is halted at intake-api and its own connector, which
 * has no name for its venue. Every other scope is halted at intake-api and all connectors.
 */
export function haltRequests(
  { scope, target, details, name }: HaltWish,
  connectors: readonly string[],
): readonly { readonly service: string; readonly body: OpenHaltDto }[] {
  const known = SCOPES.find((one) => one === scope) ?? 'venue';
  const whole: OpenHaltDto = { scope: known, details, name, ...(target !== '' && { target }) };
  if (known !== 'venue')
    return ['intake-api', ...connectors].map((service) => ({ service, body: whole }));
  return [
    { service: 'intake-api', body: whole },
    { service: connectorOf(target), body: { scope: known, details, name } },
  ];
}
