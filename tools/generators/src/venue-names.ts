/** A venue's name in each of the spellings that code needs, and the version that all projects have. */
export interface VenueNames {
  /** `acme-pay`: folders, topics. */
  readonly venue: string;
  /** `AcmePay`: classes and types. */
  readonly Venue: string;
  /** `ACME_PAY`: constants and settings. */
  readonly VENUE: string;
  /** `acmePay`: functions. */
  readonly venueProperty: string;
  /** As people write it. */
  readonly title: string;
  readonly version: string;
}
