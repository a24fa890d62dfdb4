/** Venue name in each spelling needed by code, and the common version of all projects. */
export interface VenueNames {
  /** `acme-pay`: folders, topics. */
  readonly venue: string;
  /** `AcmePay`: classes and types. */
  readonly Venue: string;
  /** `ACME_PAY`: constants and settings. */
  readonly VENUE: string;
  /** `acmePay`: functions. */
  readonly venueProperty: string;
  /** Venue name for people. */
  readonly title: string;
  readonly version: string;
}
