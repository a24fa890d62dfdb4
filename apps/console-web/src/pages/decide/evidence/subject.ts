/** What a decision is about, as in the URL. */
export interface DecisionSubject {
  readonly service: string;
  readonly kind: string;
  readonly id: string;
}
