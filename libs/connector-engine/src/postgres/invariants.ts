/** Folder of the invariants for every connector database; each venue adds its own. */
export const CONNECTOR_INVARIANTS = new URL('./invariants/', import.meta.url);
