export { type CardToIssue, expiryAfter, issueCard } from './cardNumber.ts';
export { type IssuingOptions, issuingRoutes } from './issuingRoutes.ts';
export { WAIT_FOR_POSITION_MS } from './reads.ts';
export { API_LIMITS, MAX_AMOUNT } from './schemas.ts';
export { MAX_NUMBER_ATTEMPTS } from './writes.ts';
