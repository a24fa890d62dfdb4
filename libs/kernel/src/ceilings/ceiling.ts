export const CEILING_SPANS = ['call', 'hour', 'day'] as const;
export type CeilingSpan = (typeof CEILING_SPANS)[number];
/** Decimal text for each. */
export type Ceiling = Readonly<Record<CeilingSpan, string>>;
/** Lowered ceilings by currency. Default for an omitted currency or span: the built-in ceiling. */
export type LoweredCeilings = Readonly<Record<string, Partial<Ceiling>>>;
