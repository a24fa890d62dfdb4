/** Start failure, with a message for the user. */
export class CannotStart extends Error {}
