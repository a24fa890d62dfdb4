/** End time of a submission, never within an already reported period, even if the clock is set back. */
export const REPORTABLE_NOW = 'greatest(clock_timestamp(), (SELECT reported_to FROM sent_report))';
