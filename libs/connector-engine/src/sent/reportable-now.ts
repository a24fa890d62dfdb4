/**
 * End time of a submission, never before the end of the last paid report. Without this rule, a
 * database clock set back would place an end within an already reported period.
 */
export const REPORTABLE_NOW = 'greatest(clock_timestamp(), (SELECT reported_to FROM sent_report))';
