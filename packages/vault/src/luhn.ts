// luhn.ts: the check digit of a card number (ISO/IEC 7812-1, annex B).

/** The digit that makes `digits` + digit pass the Luhn check. `digits` is ASCII digits only. */
export function luhnCheckDigit(digits: string): string {
  return String((10 - (luhnSum(digits, true) % 10)) % 10);
}

/** True for a string of ASCII digits, at least two, whose last one is the right check digit. */
export function luhnValid(number: string): boolean {
  return /^[0-9]{2,}$/.test(number) && luhnSum(number, false) % 10 === 0;
}

/** From the right every second digit counts double (18 counts as 1 + 8); `doubleLast` when the check digit is missing. */
function luhnSum(digits: string, doubleLast: boolean): number {
  let sum = 0;
  let double = doubleLast;
  for (let i = digits.length - 1; i >= 0; i--) {
    const digit = digits.charCodeAt(i) - 48;
    const counted = double ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
    double = !double;
  }
  return sum;
}
