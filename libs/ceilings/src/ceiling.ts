export const CEILING_SPANS = ['call', 'hour', 'day'] as const;
export type CeilingSpan = (typeof CEILING_SPANS)[number];
/** Decimal text for each. */
export type Ceiling = Readonly<Record<CeilingSpan, string>>;
/** By currency; what is not named is as it is built in. */
export type LoweredCeilings = Readonly<Record<string, Partial<Ceiling>>>;
