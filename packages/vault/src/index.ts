export { luhnValid } from './luhn.ts';
export { looksLikeCardNumber, maskNumber, redact } from './redact.ts';
export { type GeneratedNumber, InvalidVaultKey, openVault, TEST_BIN, VAULT_LIMITS, type Vault } from './vault.ts';
