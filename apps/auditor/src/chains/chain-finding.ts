/** A finding about the wallet's chains. */
export interface ChainFinding {
  readonly kind: 'balance_apart' | 'gas_above_limit';
  readonly subject: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly fact_at: Date;
}
