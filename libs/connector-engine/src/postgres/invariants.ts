/**
 * Folder of the invariants for every connector database; each venue adds a folder for own
 * invariants.
 */
export const CONNECTOR_INVARIANTS = new URL('./invariants/', import.meta.url);
