/** Whether a column or JSON member carries a password (`password`, `credentials.password`, `mật khẩu`). */
export function isSecretMember(name: string): boolean {
  return /passw(or)?d|passphrase|\bpwd\b|mật ?khẩu/i.test(name.normalize('NFC'));
}
